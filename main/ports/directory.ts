// Microsoft Graph about one person: with their own sign-in under `/me`, with a technician's or the station's under
// `/users/{id}`. Every call retries what may be retried inside its deadline.
import type { CreationOptions, MadeCredential } from './key.ts';
import type { Outcome } from './outcome.ts';

export interface Profile {
  readonly objectId: string;
  readonly userName: string;
  readonly displayName: string | null;
  readonly firstName: string | null;
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethod.methodUsabilityReason. */
export type PassUsability = 'EnabledByPolicy' | 'DisabledByPolicy' | 'Expired' | 'NotYetValid' | 'OneTimeUsed';

/** A Temporary Access Pass as Graph describes it; the code itself is never readable. */
export interface PassFacts {
  readonly methodId: string;
  readonly usableOnce: boolean;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Null where Graph does not say. */
  readonly usability: PassUsability | null;
}

export interface PhoneMethod {
  readonly methodId: string;
  readonly name: string | null;
  /** True once phone sign-in is on: createdDateTime and device are then no longer null. */
  readonly signInOn: boolean;
}

/** What is read of somebody who has just signed in. */
export interface Arrival {
  readonly profile: Profile;
  /** Null when Graph shows no pass (or the rights to see it are missing). */
  readonly pass: Outcome<PassFacts | null>;
  readonly phones: Outcome<readonly PhoneMethod[]>;
}

export interface RegisteredKey {
  readonly methodId: string;
  readonly name: string | null;
}

/** Any way to sign in that the directory knows of. */
export interface SignInMethod {
  /**
   * Microsoft Graph's resource without `AuthenticationMethod`: `fido2`, `microsoftAuthenticator`, `temporaryAccessPass`,
   * `password`, `phone`, `windowsHelloForBusiness`, …; an open list.
   */
  readonly kind: string;
  readonly methodId: string;
  readonly name: string | null;
}

/** Microsoft Graph: userDefaultAuthenticationMethodType. A security key can't be chosen: it is a first factor. */
export type SecondFactor = 'push' | 'oath' | 'voiceMobile' | 'voiceAlternateMobile' | 'voiceOffice' | 'sms';

/** Microsoft Graph: signInPreferences. */
export interface SignInPreference {
  /** The tenant lets Microsoft choose the strongest method; `preferred` then hardly counts. */
  readonly systemChooses: boolean;
  readonly preferred: SecondFactor | null;
}

export interface Call {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

export interface DirectoryPort {
  /**
   * Whether keys can be registered this way, as far as the desk and its token tell without asking Graph: the cloud, the
   * settings, the rights granted. What Graph alone knows shows when options are asked for.
   */
  ready(call: Call): Promise<Outcome<null>>;
  /** The next two and `phoneMethods` in one exchange; refused only where nobody can be told. */
  arrival(call: Call): Promise<Outcome<Arrival>>;
  profile(call: Call): Promise<Outcome<Profile>>;
  /** Null when Graph shows no pass (or the rights to see it are missing). */
  pass(call: Call): Promise<Outcome<PassFacts | null>>;
  creationOptions(call: Call): Promise<Outcome<CreationOptions>>;
  registerKey(made: MadeCredential, displayName: string, call: Call): Promise<Outcome<RegisteredKey>>;
  /** Resolves when the list shows the key; replication may take a while. */
  waitUntilListed(made: MadeCredential, call: Call): Promise<Outcome<RegisteredKey>>;
  phoneMethods(call: Call): Promise<Outcome<readonly PhoneMethod[]>>;
  deletePass(methodId: string, call: Call): Promise<Outcome<null>>;
  /** Every way to sign in, the password and the pass too. */
  methods(call: Call): Promise<Outcome<readonly SignInMethod[]>>;
  signInPreference(call: Call): Promise<Outcome<SignInPreference>>;
  preferSecondFactor(method: SecondFactor, call: Call): Promise<Outcome<null>>;
}
