// The person's ways in, as a stay counts them.
import type { WayDone } from './stay-context.ts';

type WithWays = { readonly ways: readonly WayDone[] };

/** Keys that were set up in this stay. */
export const keysMade = ({ ways }: WithWays): readonly WayDone[] =>
  ways.filter(({ way }) => way === 'securityKey' || way === 'secondKey');

/** One that works, made here or before. */
export const hasKey = ({ ways }: WithWays): boolean => ways.some(({ way }) => way !== 'phoneSignIn');
