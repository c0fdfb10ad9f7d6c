// Everything the conductor may ask of the outside, in one object that compose fills.
import type { Reason } from '../../contract/reason.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { IdentityPort } from '../ports/identity.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { KeyboardPort } from '../ports/keyboard.ts';
import type { KeyPort } from '../ports/key.ts';
import type { PagePort } from '../ports/page.ts';
import type { PrintPort } from '../ports/print.ts';
import type { Settings } from '../ports/settings.ts';
import type { NetworkPathPort } from '../ports/network-path.ts';
import type { PlacePort, TenantPort } from '../ports/tenant.ts';

/** The directory with somebody else's rights, by object id. */
export type DirectoryOfPerson = (objectId: string) => DirectoryPort;

export interface DeskPorts {
  readonly clock: ClockPort;
  readonly directory: DirectoryPort;
  /** Null: this desk has no such sign-in. */
  readonly directoryBy: { readonly technician: DirectoryOfPerson | null; readonly station: DirectoryOfPerson | null };
  readonly identity: IdentityPort;
  readonly journal: JournalPort;
  readonly keyboard: KeyboardPort;
  readonly keys: KeyPort;
  readonly page: PagePort;
  readonly print: PrintPort;
  readonly settings: Settings;
  /** Null: this desk has no station sign-in, and learns of rules when it meets them. */
  readonly tenant: TenantPort | null;
  /** Null: nobody tells this desk where it is. */
  readonly place: PlacePort | null;
  /** The company's own, signed, for the gate; null: the settings name none. */
  readonly beacon: PlacePort | null;
  /** How this machine's traffic leaves it; null: nobody can tell here. */
  readonly path: NetworkPathPort | null;
  /** Why nobody may be served any more, asked before each stay and before a closed desk opens again; null: nothing is in the way. */
  readonly mayServe: () => Reason | null;
  /** A name for one stay in the journal; says nothing about the person. */
  readonly newStayId: () => string;
  /** Something that must not happen did: the crash guard's business. */
  readonly onBug: (bug: unknown) => void;
}

/** How long each kind of call may take, milliseconds. */
export const deadlines = {
  lookAtKeyMs: 10_000,
  setPinMs: 20_000,
  /** Keys stop waiting for a finger by themselves after about 30 s; the desk gives one touch twice that. */
  touchMs: 60_000,
  directoryMs: 30_000,
  /** What only helps to plan: nobody waits at the sign-in for a station that is throttled. */
  standingMs: 5_000,
  listedMs: 60_000,
  askAgainMs: 4_000,
  /** Somebody gives up: the last look before the key is tidied. */
  settleMs: 12_000,
  /** The same while the desk is wiped. */
  lastLookMs: 3_000,
  /** Deleting one credential wants no finger. */
  discardMs: 20_000,
  /** Naming a key on Microsoft's page, with an on-screen keyboard. */
  savedMs: 5 * 60_000,
} as const;
