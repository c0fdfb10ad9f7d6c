// What can be said of a pass that nobody deleted: what the directory told of it, and no more.
import type { PassEnd } from '../../contract/snapshot.ts';
import type { PassFacts } from '../ports/directory.ts';

/** A one-time pass whose use the directory has not noted yet, or that somebody signed in beside, still has its end. */
export function passLeftAlone(pass: PassFacts | null): PassEnd {
  if (pass === null) return { kind: 'unknown' };
  switch (pass.usability) {
    case 'OneTimeUsed':
    case 'Expired':
    case 'DisabledByPolicy':
      return { kind: 'usedUp' };
    case 'EnabledByPolicy':
    case 'NotYetValid':
      return { kind: 'endsAt', atMs: pass.endsAtMs };
    case null:
      return pass.usableOnce ? { kind: 'usedUp' } : { kind: 'endsAt', atMs: pass.endsAtMs };
    default:
      return pass.usability satisfies never;
  }
}
