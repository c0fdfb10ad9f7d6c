// The tenant's memory: people and their sign-in methods. It knows no HTTP; time, randomness and policy are handed in.
import type { NewPass, NewUser, PassUsability } from '../stage.ts';
import { DEFAULT_POLICY, changePolicy, type PolicyChange, type TenantPolicy } from '../tenant-policy.ts';
import { digestOf, judgePass, randomPassCode, usabilityOf, type AccessPass, type PassVerdict } from './access-pass.ts';
import { randomGuid, type RandomBytes } from './random-text.ts';

/** Time as Microsoft's servers see it. */
export interface ServerTime {
  wallMs(): number;
  nowMs(): number;
}

export interface Passkey {
  readonly methodId: string;
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly displayName: string;
  readonly aaguid: string;
  readonly model: string | null;
  readonly passkeyType: 'deviceBound' | 'synced';
  readonly attestationFormat: string;
  readonly attestationLevel: 'attested' | 'notAttested';
  readonly attestationCertificates: readonly string[];
  readonly verifiedBy: readonly string[];
  readonly createdAtMs: number;
  readonly listedFromNowMs: number;
  /** The last signature counter seen; a key that counts must go on (WebAuthn Level 3 §6.1.1). */
  signCount: number;
  /** When it last signed in. */
  lastUsedAtMs: number | null;
}

/** A Microsoft Authenticator app on one phone, registered for approvals. */
export interface AuthenticatorApp {
  readonly methodId: string;
  /** The phone's name. */
  readonly displayName: string;
  readonly phoneAppVersion: string;
  /** Digest of the secret with which the app fetches its notifications. */
  readonly secretDigest: Uint8Array;
  /** Never, for a phone that scanned the QR, until My Security Info has tried it out. */
  listedFromNowMs: number;
  /** Set once phone sign-in is on; Graph's createdDateTime and device are null until then. */
  phoneSignIn: { readonly sinceMs: number; readonly deviceId: string } | null;
}

export interface User {
  readonly objectId: string;
  readonly upn: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly accountEnabled: boolean;
  readonly createdAtMs: number;
  /** `OF:` and 48 opaque bytes: the user handle Microsoft puts into passkeys. */
  readonly userHandle: Uint8Array;
  pass: AccessPass | null;
  passkeys: readonly Passkey[];
  authenticators: readonly AuthenticatorApp[];
  failedPasses: number;
  lockedUntilNowMs: number;
}

/** Entra's smart lockout: ten bad tries lock the account for a minute. */
const LOCKOUT_TRIES = 10;
const LOCKOUT_MS = 60_000;

export class Directory {
  readonly time: ServerTime;
  readonly randomBytes: RandomBytes;
  policy: TenantPolicy = DEFAULT_POLICY;
  replicationLagMs = 0;
  readonly #users = new Map<string, User>();

  constructor(time: ServerTime, randomBytes: RandomBytes) {
    this.time = time;
    this.randomBytes = randomBytes;
  }

  clear(): void {
    this.#users.clear();
    this.policy = DEFAULT_POLICY;
    this.replicationLagMs = 0;
  }

  setPolicy(change: PolicyChange): void {
    this.policy = changePolicy(this.policy, change);
  }

  /** @throws {RangeError} when the user name or the object id is taken. */
  addUser(user: NewUser): User {
    const objectId = user.objectId ?? randomGuid(this.randomBytes);
    if (this.find(user.upn) || this.find(objectId)) throw new RangeError('the twin already has this user');
    const added: User = {
      objectId,
      upn: user.upn,
      displayName: user.displayName,
      givenName: user.givenName ?? user.displayName.split(' ')[0] ?? user.displayName,
      accountEnabled: user.accountEnabled ?? true,
      createdAtMs: this.time.wallMs(),
      userHandle: new Uint8Array([...Buffer.from('OF:', 'ascii'), ...this.randomBytes(48)]),
      pass: null,
      passkeys: [],
      authenticators: [],
      failedPasses: 0,
      lockedUntilNowMs: -Infinity,
    };
    this.#users.set(objectId, added);
    return added;
  }

  /** By object id or by user principal name, without case. */
  find(user: string): User | null {
    const wanted = user.toLowerCase();
    for (const candidate of this.#users.values()) {
      if (candidate.objectId === wanted || candidate.upn.toLowerCase() === wanted) return candidate;
    }
    return null;
  }

  /** @throws {RangeError} for a user the twin does not have. */
  get(user: string): User {
    const found = this.find(user);
    if (!found) throw new RangeError('the twin has no such user');
    return found;
  }

  users(): Iterable<User> {
    return this.#users.values();
  }

  /** Returns the code, which is kept nowhere. @throws {RangeError} for a lifetime or a use the policy rules out. */
  issuePass(order: NewPass): string {
    const policy = this.policy.temporaryAccessPass;
    const user = this.get(order.user);
    const lifetimeInMinutes = order.lifetimeMinutes ?? policy.defaultLifetimeInMinutes;
    const isUsableOnce = order.isUsableOnce ?? policy.isUsableOnce;
    if (lifetimeInMinutes < policy.minimumLifetimeInMinutes || lifetimeInMinutes > policy.maximumLifetimeInMinutes) {
      throw new RangeError(`a pass lives ${policy.minimumLifetimeInMinutes} to ${policy.maximumLifetimeInMinutes} minutes here`);
    }
    if (policy.isUsableOnce && !isUsableOnce) throw new RangeError('this tenant only has one-time passes');
    const code = order.code ?? randomPassCode(this.randomBytes, policy.defaultLength);
    const createdAtMs = this.time.wallMs();
    const startsAtMs = createdAtMs + (order.startsInMinutes ?? 0) * 60_000;
    user.pass = {
      methodId: randomGuid(this.randomBytes),
      codeDigest: digestOf(code),
      createdAtMs,
      startsAtMs,
      endsAtMs: startsAtMs + lifetimeInMinutes * 60_000,
      lifetimeInMinutes,
      isUsableOnce,
      usedAtMs: null,
    };
    user.failedPasses = 0;
    user.lockedUntilNowMs = -Infinity;
    return code;
  }

  usability(pass: AccessPass): PassUsability {
    return usabilityOf(pass, this.policy.temporaryAccessPass, this.time.wallMs());
  }

  /** Judges a typed pass and, when it is right, spends a one-time one. Counts bad tries towards the lockout. */
  redeemPass(user: User, code: string): PassVerdict | 'locked' | 'disabled' {
    if (this.time.nowMs() < user.lockedUntilNowMs) return 'locked';
    const verdict = judgePass(user.pass, code.trim(), this.policy.temporaryAccessPass, this.time.wallMs());
    if (verdict === 'wrong') {
      user.failedPasses += 1;
      if (user.failedPasses >= LOCKOUT_TRIES) {
        user.failedPasses = 0;
        user.lockedUntilNowMs = this.time.nowMs() + LOCKOUT_MS;
      }
    }
    if (verdict !== 'accepted') return verdict;
    if (!user.accountEnabled) return 'disabled';
    user.failedPasses = 0;
    if (user.pass?.isUsableOnce) user.pass.usedAtMs = this.time.wallMs();
    return 'accepted';
  }

  /** The passkey with this credential id, whoever holds it. */
  passkeyByCredentialId(credentialId: Uint8Array): Passkey | null {
    for (const user of this.#users.values()) {
      for (const passkey of user.passkeys) {
        if (Buffer.compare(passkey.credentialId, credentialId) === 0) return passkey;
      }
    }
    return null;
  }

  /** What lists show by now: new methods take `replicationLagMs` to arrive. */
  listed<T extends { readonly listedFromNowMs: number }>(methods: readonly T[]): readonly T[] {
    const nowMs = this.time.nowMs();
    return methods.filter((method) => method.listedFromNowMs <= nowMs);
  }

  /** When something made now will be listed. */
  listedFrom(): number {
    return this.time.nowMs() + this.replicationLagMs;
  }

  /** Apps that may answer a sign-in: phone sign-in is on and the tenant allows it. */
  phonesForSignIn(user: User): readonly AuthenticatorApp[] {
    const { state, authenticationMode } = this.policy.microsoftAuthenticator;
    if (state === 'disabled' || authenticationMode === 'push') return [];
    return user.authenticators.filter((app) => app.phoneSignIn !== null);
  }
}
