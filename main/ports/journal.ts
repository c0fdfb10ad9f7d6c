// What happened at this desk, durable before the irreversible. Allow-listed fields only: no name, no secret. What tells of one
// person (object id, credential id, a key's serial number) is written as the settings allow: whole, as a pseudonym, or not at all.
import type { CareDeedName } from '../../contract/care.ts';
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { ReasonCode } from '../../contract/reason.ts';
import type { WayIn } from '../../contract/snapshot.ts';
import type { AnchorTarget, AnchorTrouble } from './anchor.ts';
import type { SecondFactor } from './directory.ts';
import type { BlockedAttempt, DeskNotice, DoorRefusal } from './notice.ts';

export type JournalEvent =
  | { readonly event: 'desk.started'; readonly version: string }
  /** What the desk goes by from here on; `version` where a signed file says so. */
  | { readonly event: 'settings.taken'; readonly source: SettingsOrigin; readonly version: number | null }
  /** What was found is not used; `detail` is the desk's own word for why. */
  | { readonly event: 'settings.refused'; readonly reason: ReasonCode; readonly detail: string | null }
  | { readonly event: 'stay.begun' }
  /** The desk is not where it should be: nobody was asked for a pass. */
  | { readonly event: 'gate.refused'; readonly reason: ReasonCode }
  /** The person was told before signing in, or right after it, that going on would fail. */
  | { readonly event: 'plan.foretold'; readonly codes: readonly ForetoldCode[] }
  /** `objectId`: the person's, in the directory. */
  | { readonly event: 'stay.signedIn'; readonly objectId: PersonalText }
  | { readonly event: 'pin.setting'; readonly model: string; readonly aaguid: string | null; readonly change: boolean }
  | { readonly event: 'pin.set' }
  | { readonly event: 'pin.notSet'; readonly reason: ReasonCode }
  | { readonly event: 'credential.making'; readonly model: string; readonly aaguid: string | null }
  | { readonly event: 'credential.made'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'credential.notMade'; readonly reason: ReasonCode }
  /** A registration that came to nothing is taken back from the key. */
  | { readonly event: 'credential.discarding'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'credential.discarded'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'credential.notDiscarded'; readonly credentialIdB64u: PersonalText; readonly reason: ReasonCode }
  /** The key put a newer one for the same account in its place. */
  | { readonly event: 'credential.replaced'; readonly credentialIdB64u: PersonalText }
  /** It stays on its key, or may, and somebody was told so. */
  | { readonly event: 'credential.left'; readonly credentialIdB64u: PersonalText; readonly reason: ReasonCode }
  | { readonly event: 'registration.sending'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'registration.accepted'; readonly credentialIdB64u: PersonalText }
  | {
      readonly event: 'registration.refused';
      readonly credentialIdB64u: PersonalText;
      readonly reason: ReasonCode;
      readonly status: number | null;
      readonly requestId: string | null;
    }
  | { readonly event: 'registration.listed'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'proof.given'; readonly credentialIdB64u: PersonalText }
  | { readonly event: 'proof.refused'; readonly credentialIdB64u: PersonalText; readonly reason: ReasonCode }
  /** A sign-in page's request, carried to a key that has accounts already; which of them it was is nobody's business here. */
  | { readonly event: 'keySignIn.asking'; readonly model: string; readonly aaguid: string | null }
  | { readonly event: 'keySignIn.given' }
  | { readonly event: 'keySignIn.refused'; readonly reason: ReasonCode }
  /** Key care: a technician's deed on a whole key. */
  | {
      readonly event: 'care.doing';
      readonly deed: CareDeedName;
      readonly model: string;
      readonly aaguid: string | null;
      readonly serial: PersonalText;
    }
  | { readonly event: 'care.done'; readonly deed: CareDeedName }
  | { readonly event: 'care.notDone'; readonly deed: CareDeedName; readonly reason: ReasonCode }
  | { readonly event: 'phone.registered' }
  | { readonly event: 'phone.signInOn' }
  | { readonly event: 'phone.skipped' }
  /** Which second factor is asked for first: Authenticator in the place of the one named. */
  | { readonly event: 'factor.setting'; readonly from: SecondFactor }
  | { readonly event: 'factor.set' }
  | { readonly event: 'factor.kept'; readonly reason: ReasonCode }
  | { readonly event: 'pass.deleting' }
  | { readonly event: 'pass.deleted' }
  | { readonly event: 'pass.kept'; readonly reason: ReasonCode }
  | { readonly event: 'trouble'; readonly reason: ReasonCode; readonly status: number | null }
  | { readonly event: 'lateAnswer'; readonly effect: string }
  | { readonly event: 'intent.refused'; readonly why: string }
  | { readonly event: 'page.blocked'; readonly what: BlockedAttempt; readonly host: string | null }
  | { readonly event: 'door.refused'; readonly door: string; readonly because: DoorRefusal }
  | { readonly event: 'process.gone'; readonly process: string; readonly reason: string }
  /** So many more of one of these three in the last minute than were written one by one. */
  | { readonly event: 'notices.more'; readonly of: DeskNotice['notice']; readonly count: number }
  | { readonly event: 'renderer.gone'; readonly what: string }
  | { readonly event: 'stay.ended'; readonly how: StayEnd; readonly ways: readonly WayIn[] }
  | { readonly event: 'stay.wiped'; readonly leftovers: number }
  | { readonly event: 'stay.foundCutOff'; readonly findings: readonly string[] }
  | { readonly event: 'desk.reopened' }
  /** Written by the journal itself: a file begins, ends, or has been kept long enough. */
  | {
      readonly event: 'journal.begun';
      /** The key that signs this file: SubjectPublicKeyInfo, base64url. */
      readonly publicKey: string;
      readonly because: FileBegun;
      /** The last line of the file before, which names this key: its copy, so that one of the two may be lost. */
      readonly seal: string | null;
      /** The name of what could not be gone on with, as it is called now. */
      readonly setAside: string | null;
    }
  | {
      readonly event: 'journal.sealed';
      readonly publicKey: string;
      /** The key of the next file. The present one is destroyed. */
      readonly nextPublicKey: string;
      readonly because: 'size' | 'age';
    }
  /** Everything up to this entry has been deleted, but for the seals; `sealHash` is that of the last one deleted. */
  | {
      readonly event: 'journal.deleted';
      readonly throughFile: number;
      readonly throughSequence: number;
      readonly sealHash: string;
    }
  /** The journal was found older than its head, which is kept in another place. */
  | { readonly event: 'journal.restored'; readonly headSequence: number }
  | { readonly event: 'anchor.failing'; readonly to: AnchorTarget; readonly why: AnchorTrouble }
  | { readonly event: 'anchor.resumed'; readonly to: AnchorTarget };

/** Null: the settings keep it out, or nobody knows it. */
export type PersonalText = string | null;

/** How much of what tells of one person is written. `pseudonymous`: a keyed hash that only this desk can make again. */
export type PersonalDataRule = 'none' | 'pseudonymous' | 'full';

/** Why a file of the journal was begun: `new`: there was none. The others but `sealed` are for somebody to look into. */
export type FileBegun = 'new' | 'sealed' | 'unreadable' | 'filesMissing' | 'keyMissing';

export type SettingsOrigin = 'signed' | 'lastGood' | 'unsigned' | 'managed' | 'defaults';

export type StayEnd = 'finished' | 'startedAgain' | 'idle' | 'left' | 'crash' | 'trouble';

export interface JournalEntry {
  readonly sequence: number;
  readonly atMs: number;
  /** One person's time at the desk; null for the desk itself. */
  readonly stay: string | null;
  readonly body: JournalEvent;
}

export interface JournalPort {
  /** Resolves when the entry is on disk; rejects with JournalUnavailable when it can't be (full disk, broken file). */
  append(stay: string | null, body: JournalEvent): Promise<JournalEntry>;
  /** Entries of stays that were begun but never wiped, oldest first. */
  unfinished(): Promise<readonly JournalEntry[]>;
}
