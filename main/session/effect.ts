// Everything a machine asks to be done outside, by name. The conductor supplies each; leaving the state cancels it.
import { fromCallback, fromPromise } from 'xstate';
import type { Language } from '../../contract/intent.ts';
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { Reason } from '../../contract/reason.ts';
import type { Finding, PassEnd, RegistrationRoute, WayIn } from '../../contract/snapshot.ts';
import type { CardSnapshot } from '../../contract/card.ts';
import type { PassFacts, PhoneMethod, Profile, RegisteredKey } from '../ports/directory.ts';
import type { Account } from '../ports/identity.ts';
import type { DeskPlace, PersonStanding, TenantRules } from '../ports/tenant.ts';
import type { StayEnd } from '../ports/journal.ts';
import type { LeftOver, Tidied } from './key/left-overs.ts';
import type { CreationOptions, KeyAccount, KeyDescription, KeyRef, MadeCredential, Proof, SignInRequest } from '../ports/key.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { AnswerTicket, KeyAsk } from '../ports/page.ts';
import type { SecretTicket } from '../ports/secret.ts';

/** What the directory knows of the person right after signing in. */
export interface AccountFacts {
  readonly account: Account;
  readonly profile: Profile;
  readonly pass: PassFacts | null;
  readonly phones: readonly PhoneMethod[];
  /** What the station could read of them; null at a desk without a station sign-in. */
  readonly standing: PersonStanding | null;
  readonly signedInAtMs: number;
}

/** What the desk knows before anybody signs in; null where it has no right or no way to know. */
export interface DeskKnowledge {
  readonly rules: TenantRules | null;
  readonly place: DeskPlace | null;
  /** Why the desk is not where it should be; null: it is, or nobody wants it to be anywhere. */
  readonly elsewhere: Reason | null;
}

/** How a PIN is to be collected. */
export interface PinAsk {
  readonly ask: 'choose' | 'again' | 'enter' | 'old';
  /** Code points. */
  readonly minLength: number;
  readonly maxLength: number;
  /** `again`: what it must equal. `choose` after a forced change: what it must not equal. */
  readonly compare: SecretTicket | null;
}

/** What became of the second factor: Authenticator was put first, or an older one could not be moved, or nothing was to be done. */
export type SecondFactorEnd = 'set' | 'kept' | 'left';

/** The routes that ask Graph; at the other one Microsoft's page does. */
export type GraphRoute = Exclude<RegistrationRoute, 'portal'>;

/** Whose entry, and with whose rights. */
export interface OnRoute {
  readonly route: GraphRoute;
  readonly objectId: string;
}

export interface OnKey {
  readonly key: KeyRef;
  readonly description: KeyDescription;
}

/** A named hole: running it before the conductor has filled it is a bug. */
function promised<Output, Input>() {
  return fromPromise<Output, Input>(() => Promise.reject(new Error('this effect has not been supplied')));
}

export const effects = {
  beginStay: promised<Outcome<DeskKnowledge>, Record<string, never>>(),
  /** Asks the tenant and the network again: somebody has just changed something. */
  lookAgain: promised<Outcome<DeskKnowledge>, Record<string, never>>(),
  noteElsewhere: promised<null, { readonly reason: Reason }>(),
  noteForetold: promised<null, { readonly codes: readonly ForetoldCode[] }>(),
  /** Answers with what may be left on keys, without anything about the person. */
  wipe: promised<Outcome<readonly Finding[]>, { readonly how: StayEnd; readonly ways: readonly WayIn[] }>(),
  acknowledge: promised<Outcome<null>, Record<string, never>>(),
  reopen: promised<Outcome<null>, Record<string, never>>(),
  openSignIn: promised<Outcome<null>, { readonly language: Language }>(),
  redeem: promised<Outcome<AccountFacts>, { readonly answer: AnswerTicket }>(),
  selectKey: promised<Outcome<KeyRef>, { readonly except: readonly KeyRef[] }>(),
  describeKey: promised<Outcome<KeyDescription>, { readonly key: KeyRef }>(),
  setPin: promised<Outcome<null>, OnKey & { readonly pin: SecretTicket }>(),
  changePin: promised<Outcome<null>, OnKey & { readonly oldPin: SecretTicket; readonly newPin: SecretTicket }>(),
  fetchOptions: promised<Outcome<CreationOptions>, OnRoute>(),
  makeCredential: promised<
    Outcome<MadeCredential>,
    OnKey & {
      readonly options: CreationOptions;
      readonly pin: SecretTicket;
      readonly ask: KeyAsk | null;
      readonly leftOvers: readonly LeftOver[];
      /** Those that the options show to be saved after all. */
      readonly savedLate: MadeCredential | null;
    }
  >(),
  registerKey: promised<Outcome<RegisteredKey>, OnRoute & { readonly made: MadeCredential; readonly model: string }>(),
  /** `accepted`: somebody said already that it is saved. */
  waitListed: promised<Outcome<RegisteredKey>, OnRoute & { readonly made: MadeCredential; readonly accepted: boolean }>(),
  /** Looks whether the directory has the key after all; `directory.notListed` when it can tell that it has not. */
  settleKey: promised<Outcome<RegisteredKey>, OnRoute & { readonly made: MadeCredential }>(),
  /** Takes back from this key what came to nothing. Refused as a whole where the PIN is not taken. */
  discardKeys: promised<
    Outcome<readonly Tidied[]>,
    { readonly key: KeyRef; readonly pin: SecretTicket; readonly leftOvers: readonly LeftOver[] }
  >(),
  /** The person is told what stays on a key. */
  noteLeftOvers: promised<null, { readonly leftOvers: readonly LeftOver[] }>(),
  /** Hands the page the key it asked for. */
  answerPage: promised<Outcome<null>, { readonly made: MadeCredential; readonly ask: KeyAsk }>(),
  /** Waits while the person finishes on the page, until the directory shows the key. */
  waitSaved: promised<Outcome<RegisteredKey>, { readonly made: MadeCredential }>(),
  proveKey: promised<Outcome<Proof>, OnKey & { readonly made: MadeCredential; readonly pin: SecretTicket }>(),
  /** How many accounts on the key are other people's; null: it doesn't tell. */
  otherAccounts: promised<Outcome<number | null>, OnKey & { readonly options: CreationOptions; readonly pin: SecretTicket }>(),
  signIn: promised<Outcome<readonly KeyAccount[]>, OnKey & { readonly request: SignInRequest; readonly pin: SecretTicket }>(),
  /** Hands the page the sign-in of one account. */
  answerSignIn: promised<Outcome<null>, OnKey & { readonly account: number; readonly ask: KeyAsk }>(),
  openSecurityInfo: promised<Outcome<null>, { readonly language: Language }>(),
  /** Only once phone sign-in is on. */
  preferPhone: promised<SecondFactorEnd, Record<string, never>>(),
  closePass: promised<PassEnd, { readonly pass: PassFacts | null }>(),
  printCard: promised<Outcome<null>, { readonly card: CardSnapshot }>(),
  noteTrouble: promised<null, { readonly reason: Reason }>(),
  collectPin: fromCallback<{ type: 'none' }, PinAsk>(() => {
    throw new Error('this effect has not been supplied');
  }),
  watchPhone: fromCallback<{ type: 'none' }, { readonly known: readonly PhoneMethod[] }>(() => {
    throw new Error('this effect has not been supplied');
  }),
};

export type Effects = typeof effects;
