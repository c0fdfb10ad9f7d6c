// What the care machine hears: intents from the technician, facts from ports. A page can't forge a fact.
import type { CareIntent } from '../../../contract/care.ts';
import type { FingerprintSample } from '../../ports/key-care.ts';
import type { KeyFact } from '../../ports/key.ts';
import type { PinFact, ProgressFact } from '../event.ts';

export type CareFact =
  | KeyFact
  | PinFact
  | ProgressFact
  /** One touch of a finger that is being taught. */
  | { readonly type: 'care.sample'; readonly sample: FingerprintSample }
  /** Nobody has been at the page for the desk's idle time. */
  | { readonly type: 'care.leftAlone' };

export type CareEvent = CareIntent | CareFact;
