import type { WayIn } from '../../contract/snapshot.ts';

/** What is known of each way in, and since when. */
export const sinceWords = {
  securityKey: 'way.testedAt',
  secondKey: 'way.testedAt',
  earlierKey: 'way.usedAt',
  phoneSignIn: 'way.onSince',
} as const satisfies Readonly<Record<WayIn, string>>;
