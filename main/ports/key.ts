// The key at ceremony height. Protocol, frames and tokens stay below; every call has a deadline and an abort signal.
import type { KeyPlug, Tries } from '../../contract/snapshot.ts';
import type { Reason } from '../../contract/reason.ts';
import type { Outcome } from './outcome.ts';
import type { Secret } from './secret.ts';

/** One insertion of one key: pulling it out and plugging it in again gives another. */
export interface KeyRef {
  readonly insertion: string;
}

export type KeyFact =
  | { readonly type: 'key.inserted'; readonly key: KeyRef }
  | { readonly type: 'key.removed'; readonly key: KeyRef }
  /** A FIDO key is there but may not be opened; which platform rule stands in the way is in the reason. */
  | { readonly type: 'key.unreachable'; readonly reason: Reason }
  | { readonly type: 'key.hostDown' }
  | { readonly type: 'key.hostUp' };

export interface KeyDescription {
  readonly model: string;
  readonly plug: KeyPlug;
  /** Lower-case UUID; null for keys that have none (U2F). */
  readonly aaguid: string | null;
  readonly firmware: string | null;
  readonly pin: 'none' | 'set' | 'mustChange' | 'unsupported';
  readonly tries: Tries | null;
  /** Unicode code points (CTAP 2.3 §6.4, getInfo 0x0D and 0x1D). */
  readonly minPinLength: number;
  readonly maxPinLength: number;
  /** Why Entra can't use this key; null when it can. */
  readonly unusable: Reason | null;
}

/** What Graph asked for, ready for the key (WebAuthn Level 3 §5.4 and Microsoft Graph webauthnPublicKeyCredentialCreationOptions). */
export interface CreationOptions {
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly idB64u: string; readonly name: string; readonly displayName: string };
  readonly challengeB64u: string;
  readonly algorithms: readonly number[];
  /** Every reading of an ambiguous id is listed; extra ids do no harm. */
  readonly excludeCredentialIdsB64u: readonly string[];
  readonly hmacCreateSecret: boolean;
  readonly credentialProtection: { readonly level: 1 | 2 | 3; readonly enforced: boolean } | null;
  readonly expiresAtMs: number;
}

export interface MadeCredential {
  readonly credentialIdB64u: string;
  readonly clientDataJsonB64u: string;
  readonly attestationObjectB64u: string;
  readonly attestationFormat: string;
  readonly aaguid: string;
  readonly rpId: string;
  readonly userIdB64u: string;
  /** COSE_Key, for the proof afterwards. */
  readonly publicKeyCoseB64u: string;
  readonly clientExtensionResults: Readonly<Record<string, boolean | number>>;
}

/** What a sign-in page asked of a key that has accounts already (WebAuthn Level 3 §5.5); for the configured relying party. */
export interface SignInRequest {
  readonly challengeB64u: string;
  /** Empty: any account of this relying party. */
  readonly allowCredentialIdsB64u: readonly string[];
}

/** An account as the key keeps it. Text of whoever held the key: anything may stand there. */
export interface KeyAccount {
  readonly name: string | null;
  readonly displayName: string | null;
}

/** A sign-in that the key has signed (WebAuthn Level 3 §5.2.2). */
export interface SignedIn {
  readonly credentialIdB64u: string;
  readonly clientDataJsonB64u: string;
  readonly authenticatorDataB64u: string;
  readonly signatureB64u: string;
  readonly userHandleB64u: string | null;
}

export interface Proof {
  readonly credentialIdB64u: string;
  readonly signCount: number;
}

/** `touchNeeded`: the key blinks now. `touched`: it has felt the finger and works on. */
export type KeyProgress = 'working' | 'touchNeeded' | 'touched';

export interface Ceremony {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly onProgress?: (progress: KeyProgress) => void;
}

export interface MakingCeremony extends Ceremony {
  /** The key made one although the signal had aborted: the finger was quicker. Told instead of an answer. */
  readonly onLate?: (made: MadeCredential) => void;
}

export interface KeyPort {
  /** Facts from now on; keys already plugged in are told first. The result stops it. */
  watch(listener: (fact: KeyFact) => void): () => void;
  /**
   * Of all keys but `except`, the one that is touched first: every one of them asks for a touch, also those that are plugged in
   * meanwhile. `key.removed` when none is left, `key.touchTimeout` when nobody touched one.
   */
  selectTouched(except: readonly KeyRef[], ceremony: Ceremony): Promise<Outcome<KeyRef>>;
  describe(key: KeyRef, ceremony: Ceremony): Promise<Outcome<KeyDescription>>;
  setPin(key: KeyRef, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  changePin(key: KeyRef, oldPin: Secret, newPin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  makeCredential(key: KeyRef, options: CreationOptions, pin: Secret, ceremony: MakingCeremony): Promise<Outcome<MadeCredential>>;
  /** Signs in once, locally: discoverable assertion, verified against the stored public key. */
  prove(key: KeyRef, made: MadeCredential, pin: Secret, ceremony: Ceremony): Promise<Outcome<Proof>>;
  /**
   * Signs in at the relying party, once verified and touched; the accounts that signed, by their places in this list. What they
   * signed stays where it is until one is released. `key.noAccount` when there is none.
   */
  signIn(key: KeyRef, request: SignInRequest, pin: Secret, ceremony: Ceremony): Promise<Outcome<readonly KeyAccount[]>>;
  /** What one account of the last `signIn` signed; that of the others is gone with it. */
  releaseSignIn(key: KeyRef, account: number, ceremony: Ceremony): Promise<Outcome<SignedIn>>;
  /** How many accounts of the relying party on this key are not this user's; null where the key doesn't tell. Needs no touch. */
  otherAccounts(key: KeyRef, userIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<number | null>>;
  /**
   * Deletes one credential that was made in this stay and came to nothing. No touch. `key.accountStays` where this key can't
   * delete single accounts, `key.swapped` where it is not the key that holds it.
   */
  discard(key: KeyRef, credentialIdB64u: string, pin: Secret, ceremony: Ceremony): Promise<Outcome<null>>;
  /** Ends what is running and forgets everything of this stay; resolves when the host says it is clean. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
