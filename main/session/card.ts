// What the printed card says, taken from the stay: the ways in and what to do next, nothing that opens anything.
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { PhoneNote } from '../../contract/snapshot.ts';
import type { CardSnapshot } from '../../contract/card.ts';
import type { StayContext } from './stay-context.ts';

/** The first name for a greeting: the directory's own, else the first word of the display name. */
export function firstNameOf(context: Pick<StayContext, 'account'>): string | null {
  const profile = context.account?.profile;
  return profile?.firstName ?? profile?.displayName?.trim().split(/\s+/u)[0] ?? null;
}

const notOpen: readonly ForetoldCode[] = ['phone.off', 'phone.outOfScope', 'phone.approvalsOnly'];

/** What there is to say of phone sign-in beside whether it is on. */
export function phoneNoteOf({ secondFactor, planned, phoneSettled }: StayContext): PhoneNote | null {
  if (secondFactor === 'kept') return 'notFirst';
  const isShut = planned.foretold.some(({ code }) => notOpen.includes(code));
  return isShut && phoneSettled !== 'done' ? 'notOpen' : null;
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
