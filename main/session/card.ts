// What the printed card says, taken from the stay: the ways in and what to do next, nothing that opens anything.
import type { CardSnapshot } from '../../contract/card.ts';
import type { StayContext } from './stay-context.ts';

/** The first name for a greeting: the directory's own, else the first word of the display name. */
export function firstNameOf(context: Pick<StayContext, 'account'>): string | null {
  const profile = context.account?.profile;
  return profile?.firstName ?? profile?.displayName?.trim().split(/\s+/u)[0] ?? null;
}

export function cardOf(context: StayContext): CardSnapshot {
  return {
    world: context.world,
    language: context.look.language,
    firstName: firstNameOf(context),
    ways: context.ways,
    after: context.planned.after,
    pass: context.passEnd,
    contact: context.contact,
  };
}
