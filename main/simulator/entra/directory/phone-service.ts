// What Microsoft's servers remember about phones: activation codes, requests to approve, registered devices.
import type { AuthenticatorApp, Directory, User } from './directory.ts';
import { authenticatorModeFor } from '../policies/method-scope.ts';
import type { AuditActivity, AuditLog } from '../reports/audit-log.ts';
import type { AuthenticatorMode } from '../tenant-policy.ts';
import { digestOf } from './access-pass.ts';
import { randomDigits, randomGuid, randomText, randomToken } from './random-text.ts';

/** One QR of My Security Info. */
export interface Activation {
  readonly id: string;
  readonly userId: string;
  /** Nine digits, shown beside the QR for people who cannot scan. */
  readonly code: string;
  readonly url: string;
  readonly expiresAtNowMs: number;
  /** The app that used it. */
  methodId: string | null;
}

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'wrongNumber' | 'expired';

/** A request on the person's phone, answered by typing the number the page shows. */
export interface Approval {
  readonly id: string;
  readonly kind: 'test' | 'signIn';
  readonly userId: string;
  /** The apps that are asked; any one may answer. */
  readonly methodIds: readonly string[];
  readonly number: string;
  readonly expiresAtMs: number;
  readonly expiresAtNowMs: number;
  answer: 'approved' | 'denied' | 'wrongNumber' | null;
}

/** Microsoft Graph: device, as far as the twin plays it. */
export interface Device {
  readonly deviceId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly operatingSystem: string;
  /** Registered by its owner, joined to the tenant, or joined to the tenant and a domain. */
  readonly trustType: 'Workplace' | 'AzureAd' | 'ServerAd';
  readonly isCompliant: boolean;
  readonly registeredAtMs: number;
}

export type DeviceFacts = Partial<Pick<Device, 'operatingSystem' | 'trustType' | 'isCompliant'>>;

export interface PhoneFacts {
  readonly deviceName: string;
  readonly appVersion: string;
}

/** What a phone gets when it registers. The secret is handed out once. */
export interface Registration {
  readonly app: AuthenticatorApp;
  readonly secret: string;
}

export type ActivationRefusal = 'codeUnknown' | 'codeUsed' | 'codeExpired' | 'notAllowed';

const ACTIVATION_LIFETIME_MS = 10 * 60_000;
const APPROVAL_LIFETIME_MS = 2 * 60_000;
const ACTIVATION_HOST = 'mobileappcommunicator.auth.microsoft.com';

export class PhoneService {
  readonly #directory: Directory;
  readonly #audit: AuditLog;
  readonly #activations = new Map<string, Activation>();
  readonly #approvals = new Map<string, Approval>();
  readonly #devices = new Map<string, Device>();

  constructor(directory: Directory, audit: AuditLog) {
    this.#directory = directory;
    this.#audit = audit;
  }

  clear(): void {
    this.#activations.clear();
    this.#approvals.clear();
    this.#devices.clear();
  }

  /** Combined registration hands out a QR only where the mode allows approvals (Entra: "Enable passwordless phone sign-in"). */
  qrAllowed(user: User): boolean {
    const mode = this.#modeOf(user);
    return mode === 'any' || mode === 'push';
  }

  /** Guests register their phones at home. */
  phoneSignInAllowed(user: User): boolean {
    const mode = this.#modeOf(user);
    return user.userType === 'member' && (mode === 'any' || mode === 'deviceBasedPush');
  }

  #modeOf(user: User): AuthenticatorMode | null {
    return authenticatorModeFor(this.#directory.policy.microsoftAuthenticator, this.#directory.subjectOf(user));
  }

  offerActivation(user: User): Activation {
    this.#forgetOld();
    const { randomBytes } = this.#directory;
    const path = `activatev2/${randomDigits(randomBytes, 9)}/${randomText(randomBytes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 16)}`;
    const activation: Activation = {
      id: randomToken(randomBytes, 16),
      userId: user.objectId,
      code: randomDigits(randomBytes, 9),
      url: `https://${ACTIVATION_HOST}/${path}`,
      expiresAtNowMs: this.#directory.time.nowMs() + ACTIVATION_LIFETIME_MS,
      methodId: null,
    };
    this.#activations.set(activation.id, activation);
    return activation;
  }

  activation(id: string): Activation | null {
    return this.#activations.get(id) ?? null;
  }

  activationState(activation: Activation): 'waiting' | 'activated' | 'expired' {
    if (activation.methodId !== null) return 'activated';
    return this.#directory.time.nowMs() >= activation.expiresAtNowMs ? 'expired' : 'waiting';
  }

  /** The phone scanned the QR: `url` is the address it called, `code` the digits in the QR. */
  activate(url: string, code: string, phone: PhoneFacts): (Registration & { readonly user: User }) | ActivationRefusal {
    const activation = [...this.#activations.values()].find((candidate) => candidate.url === url && candidate.code === code);
    if (!activation) return 'codeUnknown';
    if (activation.methodId !== null) return 'codeUsed';
    if (this.activationState(activation) === 'expired') return 'codeExpired';
    const user = this.#directory.find(activation.userId);
    if (!user || !this.qrAllowed(user)) return 'notAllowed';
    const registration = this.#register(user, phone, Number.POSITIVE_INFINITY);
    activation.methodId = registration.app.methodId;
    return { ...registration, user };
  }

  /** The in-app way: the person signed in on the phone. */
  registerSignedIn(user: User, phone: PhoneFacts): Registration | 'notAllowed' {
    return this.#modeOf(user) === null ? 'notAllowed' : this.#register(user, phone, this.#directory.listedFrom());
  }

  #register(user: User, phone: PhoneFacts, listedFromNowMs: number): Registration {
    const secret = randomToken(this.#directory.randomBytes, 32);
    const app: AuthenticatorApp = {
      methodId: randomGuid(this.#directory.randomBytes),
      displayName: phone.deviceName,
      phoneAppVersion: phone.appVersion,
      secretDigest: digestOf(secret),
      listedFromNowMs,
      phoneSignIn: null,
    };
    user.authenticators = [...user.authenticators, app];
    this.#note('User registered security info', user);
    return { app, secret };
  }

  /** The registered app that shows this secret. */
  holderOf(secret: string): { readonly user: User; readonly app: AuthenticatorApp } | null {
    const digest = digestOf(secret);
    for (const user of this.#directory.users()) {
      const app = user.authenticators.find((candidate) => Buffer.compare(candidate.secretDigest, digest) === 0);
      if (app) return { user, app };
    }
    return null;
  }

  registerDevice(user: User, displayName: string, facts: DeviceFacts = {}): string {
    const deviceId = randomGuid(this.#directory.randomBytes);
    this.#devices.set(deviceId, {
      deviceId,
      userId: user.objectId,
      displayName,
      operatingSystem: facts.operatingSystem ?? 'Android',
      trustType: facts.trustType ?? 'Workplace',
      isCompliant: facts.isCompliant ?? false,
      registeredAtMs: this.#directory.time.wallMs(),
    });
    return deviceId;
  }

  device(deviceId: string): Device | null {
    return this.#devices.get(deviceId) ?? null;
  }

  devicesOf(user: User): readonly Device[] {
    return [...this.#devices.values()].filter(({ userId }) => userId === user.objectId);
  }

  /** Phone sign-in needs a device registered by the same person. */
  enablePhoneSignIn(user: User, app: AuthenticatorApp, deviceId: string): 'done' | 'notAllowed' | 'deviceUnknown' {
    if (!this.phoneSignInAllowed(user)) return 'notAllowed';
    if (this.#devices.get(deviceId)?.userId !== user.objectId) return 'deviceUnknown';
    if (app.phoneSignIn === null) this.#note('Add passwordless phone sign-in credential', user);
    app.phoneSignIn ??= { sinceMs: this.#directory.time.wallMs(), deviceId };
    return 'done';
  }

  /** Asks the person's phones. A request of the same kind that still waits is replaced. */
  ask(kind: Approval['kind'], user: User, methodIds: readonly string[]): Approval {
    this.#forgetOld();
    for (const [id, other] of this.#approvals) {
      if (other.userId === user.objectId && other.kind === kind && this.approvalState(other) === 'pending')
        this.#approvals.delete(id);
    }
    const { time, randomBytes } = this.#directory;
    const approval: Approval = {
      id: randomToken(randomBytes, 16),
      kind,
      userId: user.objectId,
      methodIds,
      number: randomDigits(randomBytes, 2),
      expiresAtMs: time.wallMs() + APPROVAL_LIFETIME_MS,
      expiresAtNowMs: time.nowMs() + APPROVAL_LIFETIME_MS,
      answer: null,
    };
    this.#approvals.set(approval.id, approval);
    return approval;
  }

  approval(id: string): Approval | null {
    return this.#approvals.get(id) ?? null;
  }

  approvalState(approval: Approval): ApprovalState {
    if (approval.answer !== null) return approval.answer;
    return this.#directory.time.nowMs() >= approval.expiresAtNowMs ? 'expired' : 'pending';
  }

  /** What waits on this phone. */
  pendingFor(app: AuthenticatorApp): readonly Approval[] {
    return [...this.#approvals.values()].filter(
      (approval) => approval.methodIds.includes(app.methodId) && this.approvalState(approval) === 'pending',
    );
  }

  /** A wrong number refuses the request; the page has to send a new one. `number` null: the person pressed *No*. */
  answer(app: AuthenticatorApp, approvalId: string, number: string | null): ApprovalState | 'unknown' {
    const approval = this.#approvals.get(approvalId);
    if (!approval?.methodIds.includes(app.methodId)) return 'unknown';
    if (this.approvalState(approval) === 'pending') {
      approval.answer = number === null ? 'denied' : number === approval.number ? 'approved' : 'wrongNumber';
      // A method that was added by QR counts once the page has seen the phone answer.
      if (approval.kind === 'test' && approval.answer === 'approved' && app.listedFromNowMs === Number.POSITIVE_INFINITY)
        app.listedFromNowMs = this.#directory.listedFrom();
    }
    return this.approvalState(approval);
  }

  #note(activity: AuditActivity, user: User): void {
    this.#audit.add({ activity, actor: { kind: 'user', user, address: null }, target: user });
  }

  #forgetOld(): void {
    const longAgoMs = this.#directory.time.nowMs() - 24 * 60 * 60_000;
    for (const [id, activation] of this.#activations) if (activation.expiresAtNowMs < longAgoMs) this.#activations.delete(id);
    for (const [id, approval] of this.#approvals) if (approval.expiresAtNowMs < longAgoMs) this.#approvals.delete(id);
  }
}
