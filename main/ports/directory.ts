// Microsoft Graph for the person who signed in (`/me`). Every call retries what may be retried inside its deadline.
import type { CreationOptions, MadeCredential } from './key.ts';
import type { Outcome } from './outcome.ts';

export interface Profile {
  readonly objectId: string;
  readonly userName: string;
  readonly displayName: string | null;
  readonly firstName: string | null;
}

/** A Temporary Access Pass as Graph describes it; the code itself is never readable. */
export interface PassFacts {
  readonly methodId: string;
  readonly usableOnce: boolean;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface PhoneMethod {
  readonly methodId: string;
  readonly name: string | null;
  /** True once phone sign-in is on: createdDateTime and device are then no longer null. */
  readonly signInOn: boolean;
}

export interface RegisteredKey {
  readonly methodId: string;
  readonly name: string | null;
}

export interface Call {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

export interface DirectoryPort {
  profile(call: Call): Promise<Outcome<Profile>>;
  /** Null when Graph shows no pass (or the rights to see it are missing). */
  pass(call: Call): Promise<Outcome<PassFacts | null>>;
  creationOptions(call: Call): Promise<Outcome<CreationOptions>>;
  registerKey(made: MadeCredential, displayName: string, call: Call): Promise<Outcome<RegisteredKey>>;
  /** Resolves when the list shows the key; replication may take a while. */
  waitUntilListed(made: MadeCredential, call: Call): Promise<Outcome<RegisteredKey>>;
  phoneMethods(call: Call): Promise<Outcome<readonly PhoneMethod[]>>;
  deletePass(methodId: string, call: Call): Promise<Outcome<null>>;
}
