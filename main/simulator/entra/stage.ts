// The stage of the twin: where a test, a demonstration or the practice desk sets the scene and looks behind it.
// Nothing here goes over HTTP; Microsoft has no such doors.
import type { DirectoryRole } from './directory/directory-roles.ts';
import type { Licence } from './directory/licences.ts';
import type { AccessPolicy, AccessPolicyDraft } from './policies/access-policy.ts';
import type { LocationDraft, StrengthDraft } from './policies/access-rules.ts';
import type { Place } from './policies/place.ts';
import type { AuditEntry } from './reports/audit-log.ts';
import type { PolicyChange } from './tenant-policy.ts';

/** Microsoft Graph: userDefaultAuthenticationMethod. */
export type SecondFactor = 'push' | 'oath' | 'voiceMobile' | 'voiceAlternateMobile' | 'voiceOffice' | 'sms';

export interface NewUser {
  /** Unique in the tenant; compared without case. */
  readonly upn: string;
  readonly displayName: string;
  /** Derived from `displayName` when left out. */
  readonly givenName?: string;
  /** A GUID; random when left out. */
  readonly objectId?: string;
  /** False: sign-in answers AADSTS50057. */
  readonly accountEnabled?: boolean;
  /** A member when left out. */
  readonly userType?: 'member' | 'guest';
  /** Signs in with an account of another organization; guests do, unless told otherwise. */
  readonly external?: boolean;
  readonly roles?: readonly DirectoryRole[];
  /** Ids of groups that are there. */
  readonly groups?: readonly string[];
  /** Self-service password reset: the person has registered what it needs. */
  readonly passwordResetRegistered?: boolean;
  readonly preferredSecondFactor?: SecondFactor;
}

/** What may change about somebody later on. */
export type UserChange = Pick<
  NewUser,
  'accountEnabled' | 'userType' | 'external' | 'roles' | 'passwordResetRegistered' | 'preferredSecondFactor'
>;

export interface NewGroup {
  /** A GUID; random when left out. */
  readonly id?: string;
  readonly displayName: string;
  /** Users (UPN or object id) and groups (id). */
  readonly members?: readonly string[];
}

export interface NewDevice {
  readonly user: string;
  readonly displayName: string;
  readonly operatingSystem?: string;
  readonly trustType?: 'Workplace' | 'AzureAd' | 'ServerAd';
  readonly isCompliant?: boolean;
}

/** Parts of Graph that are throttled apart from each other. */
export type Workload = 'conditionalAccess' | 'reports' | 'authenticationMethods' | 'directory';

/** So many requests in so much time; the next one gets 429. */
export interface Throttle {
  readonly requests: number;
  readonly perMs: number;
  /** Whether the 429 says when to come back. */
  readonly retryAfter: boolean;
}

export interface StageUser {
  readonly objectId: string;
  readonly upn: string;
  readonly displayName: string;
}

export interface NewPass {
  /** UPN or object id. A pass the user already has is replaced. */
  readonly user: string;
  /** The policy's default when left out; outside the policy's range it throws. */
  readonly lifetimeMinutes?: number;
  /** The policy's `isUsableOnce` when left out. */
  readonly isUsableOnce?: boolean;
  /** Negative: it began in the past, so it may be expired from the start. */
  readonly startsInMinutes?: number;
  /** Random when left out. */
  readonly code?: string;
}

/** A disturbance of the next matching requests. */
export interface Fault {
  /** Every member given must match. `path` is compared with the URL's path: text by prefix. */
  readonly match: { readonly method?: string; readonly host?: string; readonly path?: string | RegExp };
  /** How many requests it hits; once when left out. */
  readonly times?: number;
  /** Waits this long first, on the twin's clock. Alone, the request is then answered as usual. */
  readonly delayMs?: number;
  /** The connection breaks: `handle` rejects with a TypeError, as fetch does. */
  readonly networkError?: boolean;
  /** Answers instead of the twin. */
  readonly status?: number;
  /** Goes with `status`. Objects become JSON; a Graph-like error body stands in when left out. */
  readonly body?: string | object;
  /** Goes with `status`; what `body` is by itself when left out. */
  readonly contentType?: string;
  /** Goes with `status`. */
  readonly retryAfterSeconds?: number;
  /** Asks for a better token instead (401 insufficient_claims) with this claims request. */
  readonly claims?: object;
  /** With `status`: false lets the twin do the work first and loses only its answer. True when left out. */
  readonly beforeWork?: boolean;
}

/** One request as it was seen; never a query, a body, a token or an activation path. */
export interface RequestRecord {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** 0: the connection broke. */
  readonly status: number;
}

/** A passkey the twin holds, after it was verified in full. */
export interface CredentialRecord {
  /** As Graph spells it. */
  readonly methodId: string;
  readonly credentialId: Uint8Array;
  /** COSE_Key as the authenticator wrote it. */
  readonly publicKey: Uint8Array;
  readonly userHandle: Uint8Array;
  readonly upn: string;
  readonly displayName: string;
  readonly aaguid: string;
  readonly attestationFormat: string;
  readonly attestationLevel: 'attested' | 'notAttested';
  /** SHA-1 thumbprints, lower-case hex. */
  readonly attestationCertificates: readonly string[];
  readonly createdAtMs: number;
  /** The independent libraries that said yes. */
  readonly verifiedBy: readonly string[];
}

export interface PassRecord {
  readonly methodId: string;
  readonly isUsableOnce: boolean;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly usability: PassUsability;
}

/** Microsoft Graph: temporaryAccessPassAuthenticationMethod.methodUsabilityReason. */
export type PassUsability = 'EnabledByPolicy' | 'DisabledByPolicy' | 'Expired' | 'NotYetValid' | 'OneTimeUsed';

export interface AuthenticatorRecord {
  readonly methodId: string;
  readonly displayName: string;
  readonly phoneSignIn: boolean;
}

export interface MethodsRecord {
  readonly passkeys: readonly CredentialRecord[];
  readonly pass: PassRecord | null;
  readonly authenticators: readonly AuthenticatorRecord[];
}

/** Why a registration was refused, in one word; Graph itself only says `badRequest`. */
export interface RefusalRecord {
  readonly atMs: number;
  readonly upn: string;
  readonly refusal: string;
}

export interface Stage {
  /** @throws {RangeError} when the user name or the object id is taken, or a group is not there. */
  addUser(user: NewUser): StageUser;
  /** Many at once: a hundred thousand take a second or two. */
  addUsers(users: Iterable<NewUser>): void;
  changeUser(user: string, change: UserChange): void;
  /** Returns the group's id. */
  addGroup(group: NewGroup): string;
  addToGroup(groupId: string, member: string): void;
  removeFromGroup(groupId: string, member: string): void;
  /** People whose user name ends in a federated domain sign in elsewhere. */
  setDomain(name: string, authenticationType: 'Managed' | 'Federated'): void;
  /** Returns the device's id. */
  addDevice(device: NewDevice): string;
  /** What the tenant pays for; none is the free edition. */
  setLicences(licences: readonly Licence[]): void;
  /** Returns the id, as the next two do. Custom ones; the built-in ones are always there. */
  addStrength(strength: StrengthDraft): string;
  addNamedLocation(location: LocationDraft): string;
  addAccessPolicy(policy: AccessPolicyDraft): string;
  setAccessPolicyState(id: string, state: AccessPolicy['state']): void;
  removeAccessPolicy(id: string): void;
  /** From where requests come that say no place of their own. */
  setPlace(whose: 'desk' | 'phone', place: Place): void;
  placeOf(whose: 'desk' | 'phone'): Place;
  /** Null: not throttled, as at the start. */
  setThrottle(workload: Workload, throttle: Throttle | null): void;
  /** Entries stay out of the audit log this long. */
  setAuditLagMs(lagMs: number): void;
  /** A certificate (DER) with which an application registration may sign its assertions. */
  trustCertificate(clientId: string, certificateDer: Uint8Array): void;
  /** Tokens handed out so far are challenged where the client understands it (continuous access evaluation). */
  revokeTokens(user: string): void;
  /** Returns the code: the only time it can be had. @throws {RangeError} outside the tenant's policy. */
  issuePass(pass: NewPass): string;
  setPolicy(change: PolicyChange): void;
  /** Faults are tried in the order they came; each request meets at most one. */
  inject(fault: Fault): void;
  clearFaults(): void;
  /** New methods stay out of Graph's lists this long. */
  setReplicationLagMs(lagMs: number): void;
  /** Sign-in does not know a new pass for this long (Entra: replication of passes takes moments to minutes). */
  setPassLagMs(lagMs: number): void;
  /** The twin's wall clock runs this far ahead of the desk's (behind when negative). */
  setClockSkewMs(skewMs: number): void;
  /** Back to the opening: people, methods, sessions, tokens, policy, faults and records are gone. */
  reset(): void;

  credentials(): readonly CredentialRecord[];
  /** @throws {RangeError} for an unknown user. */
  methods(user: string): MethodsRecord;
  requests(): readonly RequestRecord[];
  refusals(): readonly RefusalRecord[];
  audit(): readonly AuditEntry[];
}
