import type { Scene } from './view.ts';

/** What stands in the frame while Microsoft's page does not cover it. */
export function frameWords({ snapshot, words }: Scene): { readonly words: string; readonly unverified: boolean } {
  const unverified = snapshot.host?.state === 'unverified';
  return { words: words.t(unverified ? 'signIn.pageCovered' : 'signIn.page'), unverified };
}
