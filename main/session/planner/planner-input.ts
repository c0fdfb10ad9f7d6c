// What the planner is told. Everything but the person's two answers may be missing: a desk without a station sign-in knows
// no policies, and before somebody signs in it knows no person.
import type { Device, PassUse } from '../../../contract/intent.ts';
import type { DeskPlace, PersonStanding, TenantRules } from '../../ports/tenant.ts';
import type { DeskFacts } from './desk-facts.ts';
import type { Order } from './route.ts';

/** Microsoft Graph: temporaryAccessPassAuthenticationMethod.methodUsabilityReason; `none`: the person has no pass. */
export type PassUsability = 'EnabledByPolicy' | 'DisabledByPolicy' | 'Expired' | 'NotYetValid' | 'OneTimeUsed' | 'none';

export interface PassStanding {
  readonly usability: PassUsability;
  readonly usableOnce: boolean;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface KeyInHand {
  /** Lower-case GUID. */
  readonly aaguid: string;
  /** Whether it can prove its model with a certificate; null: not asked yet. */
  readonly attested: boolean | null;
  readonly holdsOtherPeople: boolean;
}

export interface PlannerInput {
  readonly devices: readonly Device[];
  /** What the person says of their pass; `unknown` and null count as one-time. */
  readonly passUse: PassUse | null;
  /** What the directory says of it, where somebody could ask. */
  readonly pass: PassStanding | null;
  readonly rules: TenantRules | null;
  readonly person: PersonStanding | null;
  readonly place: DeskPlace | null;
  readonly key: KeyInHand | null;
  readonly desk: DeskFacts;
  /** The order that was begun, once the person has signed in; null: it can still be chosen. */
  readonly underWay: Order | null;
  readonly nowMs: number;
}
