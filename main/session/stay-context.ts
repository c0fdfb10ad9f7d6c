// What a stay knows while it lasts: the types of its beginning and of its state.
import type { Reason } from '../../contract/reason.ts';
import type { Finding, Look, Overlay, PassEnd, RegistrationRoute, WayIn, World } from '../../contract/snapshot.ts';
import type { StayEnd } from '../ports/journal.ts';
import type { KeyRef } from '../ports/key.ts';
import type { AccountFacts, DeskKnowledge, SecondFactorEnd } from './effect.ts';
import type { LeftOver } from './key/left-overs.ts';
import type { KeyFlowOutput, SignInCall } from './key/key-context.ts';
import type { DeskFacts } from './planner/desk-facts.ts';
import type { JourneyPlan } from './planner/planner.ts';
import type { PlanAnswers } from './planner/route.ts';
import type { PageStanding } from './sign-in-flow.ts';

export interface StayInput {
  readonly world: World;
  readonly contact: string;
  readonly idleMs: number;
  readonly idleAwayMs: number;
  readonly minPinLength: number;
  readonly litPorts: boolean;
  readonly preferAuthenticator: boolean;
  readonly deskFacts: DeskFacts;
  readonly registrationRoutes: readonly RegistrationRoute[];
  readonly findings: readonly Finding[];
  readonly nowWallMs: () => number;
  /** Set when the desk must not open at all. */
  readonly closedBecause: Reason | null;
}

export interface WayDone {
  readonly way: WayIn;
  readonly atMs: number;
}

/** Where between start and wipe the person is; null outside. */
export type StayPlace =
  | 'planning'
  | 'phoneFirst'
  | 'signingIn'
  | 'signingInByKey'
  | 'settingKey'
  | 'works'
  | 'settingPhone'
  | 'finishing'
  | 'done';

export type PanelKind = Exclude<Overlay['kind'], 'idle'>;

export interface StayContext extends StayInput {
  readonly look: Look;
  readonly panel: PanelKind | null;
  readonly idleEndsAtMs: number | null;
  readonly place: StayPlace | null;
  readonly away: boolean;
  readonly plugged: readonly KeyRef[];
  readonly unreachable: Reason | null;
  readonly plan: PlanAnswers;
  readonly knowledge: DeskKnowledge;
  /** Follows from the answers, from what the desk knows and, after signing in, from the person. */
  readonly planned: JourneyPlan;
  /** The sign-in page as it stands while a key is asked, and what it asks; the same page is gone on with. */
  readonly standing: PageStanding | null;
  readonly signInCall: SignInCall | null;
  /** The key that answered the page. */
  readonly signInKey: KeyRef | null;
  readonly account: AccountFacts | null;
  readonly ways: readonly WayDone[];
  readonly lastKey: Extract<KeyFlowOutput, { kind: 'proved' }> | null;
  /** What attempts of this stay left on keys. */
  readonly leftOvers: readonly LeftOver[];
  readonly phoneSettled: 'no' | 'done' | 'skipped';
  readonly phoneFirstDone: boolean;
  readonly passEnd: PassEnd;
  /** Null: nobody has looked. */
  readonly secondFactor: SecondFactorEnd | null;
  readonly printing: 'offered' | 'busy' | 'printed' | 'impossible';
  readonly ending: StayEnd;
  readonly reason: Reason | null;
}
