// The tenant's memory: people and their sign-in methods. It knows no HTTP; time, randomness and policy are handed in.
import { authenticatorModeFor, passScope } from '../policies/method-scope.ts';
import type { PolicySubject } from '../policies/policy-subject.ts';
import { passwordResetEnabled } from '../policies/registration-interrupt.ts';
import type { NewPass, NewUser, PassUsability, SecondFactor, UserChange } from '../stage.ts';
import { DEFAULT_POLICY, changePolicy, type PolicyChange, type TenantPolicy } from '../tenant-policy.ts';
import { digestOf, judgePass, randomPassCode, usabilityOf, type AccessPass, type PassVerdict } from './access-pass.ts';
import { directoryRoles } from './directory-roles.ts';
import { Groups } from './groups.ts';
import { plansOf, type Licence, type ServicePlan } from './licences.ts';
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
  readonly createdAtMs: number;
  accountEnabled: boolean;
  userType: 'member' | 'guest';
  /** Signs in with an account of another organization. */
  external: boolean;
  /** Template ids. */
  roleIds: readonly string[];
  /** Methods for resetting a password are registered. */
  passwordResetRegistered: boolean;
  preferredSecondFactor: SecondFactor | null;
  /** Tokens from before are over, for clients that understand it (continuous access evaluation). Wall time. */
  tokensValidFromMs: number;
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

/** The tenant has Entra ID P1 unless the stage says otherwise. */
const DEFAULT_LICENCES: readonly Licence[] = [{ product: 'AAD_PREMIUM', status: 'Enabled' }];

export class Directory {
  readonly time: ServerTime;
  readonly randomBytes: RandomBytes;
  readonly groups = new Groups();
  policy: TenantPolicy = DEFAULT_POLICY;
  policyChangedAtMs: number;
  licences: readonly Licence[] = DEFAULT_LICENCES;
  replicationLagMs = 0;
  passLagMs = 0;
  readonly #users = new Map<string, User>();
  /** Object ids by lower-case user principal name. */
  readonly #byName = new Map<string, string>();
  /** Domains beside the tenant's own, lower-case, and who checks passwords there. */
  readonly #domains = new Map<string, 'Managed' | 'Federated'>();

  constructor(time: ServerTime, randomBytes: RandomBytes) {
    this.time = time;
    this.randomBytes = randomBytes;
    this.policyChangedAtMs = time.wallMs();
  }

  clear(): void {
    for (const part of [this.#users, this.#byName, this.#domains, this.groups]) part.clear();
    this.policy = DEFAULT_POLICY;
    this.licences = DEFAULT_LICENCES;
    this.replicationLagMs = 0;
    this.passLagMs = 0;
  }

  get domains(): ReadonlyMap<string, 'Managed' | 'Federated'> {
    return this.#domains;
  }

  /** Also for the tenant's own domain. */
  setDomain(name: string, authenticationType: 'Managed' | 'Federated'): void {
    this.#domains.set(name.toLowerCase(), authenticationType);
  }

  /** Whether this person's domain signs them in elsewhere. */
  isFederated({ upn }: Pick<User, 'upn'>): boolean {
    return this.#domains.get(upn.slice(upn.indexOf('@') + 1).toLowerCase()) === 'Federated';
  }

  /** Service plans that work in this tenant. */
  get plans(): ReadonlySet<ServicePlan> {
    return plansOf(this.licences);
  }

  setPolicy(change: PolicyChange): void {
    this.policy = changePolicy(this.policy, change);
    this.policyChangedAtMs = this.time.wallMs();
  }

  /** @throws {RangeError} when the user name or the object id is taken. */
  addUser(user: NewUser): User {
    const objectId = user.objectId?.toLowerCase() ?? randomGuid(this.randomBytes);
    if (this.#byName.has(user.upn.toLowerCase()) || this.#users.has(objectId))
      throw new RangeError('the twin already has this user');
    const userType = user.userType ?? 'member';
    const { randomBytes } = this;
    let userHandle: Uint8Array | null = null;
    const added: User = {
      objectId,
      upn: user.upn,
      displayName: user.displayName,
      givenName: user.givenName ?? user.displayName.split(' ')[0] ?? user.displayName,
      createdAtMs: this.time.wallMs(),
      accountEnabled: user.accountEnabled ?? true,
      userType,
      external: user.external ?? userType === 'guest',
      roleIds: (user.roles ?? []).map((role) => directoryRoles[role].templateId),
      passwordResetRegistered: user.passwordResetRegistered ?? false,
      preferredSecondFactor: user.preferredSecondFactor ?? null,
      tokensValidFromMs: Number.NEGATIVE_INFINITY,
      /** Made when it is first asked for: of a hundred thousand people few ever are. */
      get userHandle() {
        userHandle ??= new Uint8Array([...Buffer.from('OF:', 'ascii'), ...randomBytes(48)]);
        return userHandle;
      },
      pass: null,
      passkeys: [],
      authenticators: [],
      failedPasses: 0,
      lockedUntilNowMs: -Infinity,
    };
    this.#users.set(objectId, added);
    this.#byName.set(user.upn.toLowerCase(), objectId);
    for (const groupId of user.groups ?? []) this.groups.join(groupId, objectId);
    return added;
  }

  /** @throws {RangeError} for a user the twin does not have. */
  changeUser(wanted: string, { roles, ...change }: UserChange): void {
    const user = this.get(wanted);
    Object.assign(user, change);
    if (roles) user.roleIds = roles.map((role) => directoryRoles[role].templateId);
  }

  /** What policies look at. */
  subjectOf(user: User): PolicySubject {
    const { objectId, userType, external, roleIds } = user;
    return { objectId, userType, external, roleIds, groupIds: this.groups.allOf(objectId) };
  }

  /** By object id or by user principal name, without case. */
  find(user: string): User | null {
    const wanted = user.toLowerCase();
    return this.#users.get(this.#byName.get(wanted) ?? wanted) ?? null;
  }

  /** @throws {RangeError} for a user the twin does not have. */
  get(user: string): User {
    const found = this.find(user);
    if (!found) throw new RangeError('the twin has no such user');
    return found;
  }

  /** Whoever has this object id or user principal name; null for members that are not indexed. */
  lookUp(member: string, text: string): readonly User[] | null {
    const wanted = text.toLowerCase();
    const name = member.toLowerCase();
    if (name !== 'id' && name !== 'userprincipalname') return null;
    const found = this.#users.get(name === 'id' ? wanted : (this.#byName.get(wanted) ?? ''));
    return found ? [found] : [];
  }

  users(): Iterable<User> {
    return this.#users.values();
  }

  /** Returns the code, which is kept nowhere. @throws {RangeError} for a lifetime or a use the policy rules out. */
  issuePass(order: NewPass): string {
    const policy = this.policy.temporaryAccessPass;
    const user = this.get(order.user);
    if (user.external) throw new RangeError('a pass cannot be made for an external guest');
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
      knownFromNowMs: this.time.nowMs() + this.passLagMs,
      usedAtMs: null,
    };
    user.failedPasses = 0;
    user.lockedUntilNowMs = -Infinity;
    return code;
  }

  /** Of the user's own pass. */
  usability(user: User, pass: AccessPass): PassUsability {
    const policy = this.policy.temporaryAccessPass;
    return usabilityOf(pass, policy, passScope(policy, this.subjectOf(user)), this.time.wallMs());
  }

  /** Judges a typed pass and, when it is right, spends a one-time one. Counts bad tries towards the lockout. */
  redeemPass(user: User, code: string): PassVerdict | 'locked' | 'disabled' {
    if (this.time.nowMs() < user.lockedUntilNowMs) return 'locked';
    const policy = this.policy.temporaryAccessPass;
    const scope = passScope(policy, this.subjectOf(user));
    const known = user.pass !== null && this.time.nowMs() >= user.pass.knownFromNowMs ? user.pass : null;
    const verdict = judgePass(known, code.trim(), policy, scope, this.time.wallMs());
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
    const mode = authenticatorModeFor(this.policy.microsoftAuthenticator, this.subjectOf(user));
    if (mode === null || mode === 'push') return [];
    return user.authenticators.filter((app) => app.phoneSignIn !== null);
  }

  /** How far self-service password reset has come with this person. */
  passwordReset(user: User): { readonly enabled: boolean; readonly registered: boolean } {
    return { enabled: passwordResetEnabled(this.policy, this.subjectOf(user)), registered: user.passwordResetRegistered };
  }
}
