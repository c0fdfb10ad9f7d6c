// The stage door: `Stage` over the twin's memory.
import type { Faults } from './faults.ts';
import type { Passkey, User } from './directory/directory.ts';
import { randomGuid } from './directory/random-text.ts';
import type { Place } from './policies/place.ts';
import type {
  CredentialRecord,
  MethodsRecord,
  PassRecord,
  RefusalRecord,
  RequestRecord,
  Stage,
  Throttle,
  Workload,
} from './stage.ts';
import type { TwinCore } from './twin-core.ts';

export interface Backstage {
  readonly faults: Faults;
  readonly requests: () => readonly RequestRecord[];
  readonly refusals: () => readonly RefusalRecord[];
  setClockSkewMs(skewMs: number): void;
  setPlace(whose: 'desk' | 'phone', place: Place): void;
  placeOf(whose: 'desk' | 'phone'): Place;
  setThrottle(workload: Workload, throttle: Throttle | null): void;
  trustCertificate(clientId: string, certificateDer: Uint8Array): void;
  /** Empties everything but the policy's defaults. */
  clear(): void;
}

export function openStage(core: TwinCore, backstage: Backstage, opening: (stage: Stage) => void): Stage {
  const { directory, accessRules, audit } = core;
  /** A user by either name, or a group. */
  const memberId = (member: string): string => directory.groups.find(member)?.id ?? directory.get(member).objectId;
  const stage: Stage = {
    addUser: (user) => {
      const { objectId, upn, displayName } = directory.addUser(user);
      return { objectId, upn, displayName };
    },
    addUsers: (users) => {
      for (const user of users) directory.addUser(user);
    },
    changeUser: (user, change) => directory.changeUser(user, change),
    addGroup: ({ id = randomGuid(core.randomBytes), displayName, members = [] }) => {
      directory.groups.add({ id, displayName, createdAtMs: core.time.wallMs() });
      for (const member of members) directory.groups.join(id, memberId(member));
      return id;
    },
    addToGroup: (groupId, member) => directory.groups.join(groupId, memberId(member)),
    removeFromGroup: (groupId, member) => directory.groups.leave(groupId, memberId(member)),
    setDomain: (name, authenticationType) => directory.setDomain(name, authenticationType),
    addDevice: ({ user, displayName, ...facts }) => core.phones.registerDevice(directory.get(user), displayName, facts),
    setLicences: (licences) => {
      directory.licences = licences;
    },
    addStrength: (strength) => accessRules.addStrength(strength).id,
    addNamedLocation: (location) => accessRules.addLocation(location).id,
    addAccessPolicy: (policy) => accessRules.addPolicy(policy).id,
    setAccessPolicyState: (id, state) => accessRules.setPolicyState(id, state),
    removeAccessPolicy: (id) => {
      accessRules.removePolicy(id);
    },
    setPlace: (whose, place) => backstage.setPlace(whose, place),
    placeOf: (whose) => backstage.placeOf(whose),
    setThrottle: (workload, throttle) => backstage.setThrottle(workload, throttle),
    setAuditLagMs: (lagMs) => {
      audit.lagMs = lagMs;
    },
    trustCertificate: (clientId, der) => backstage.trustCertificate(clientId, der),
    revokeTokens: (user) => {
      directory.get(user).tokensValidFromMs = core.time.wallMs();
    },
    issuePass: (pass) => directory.issuePass(pass),
    setPolicy: (change) => directory.setPolicy(change),
    inject: (fault) => backstage.faults.add(fault),
    clearFaults: () => backstage.faults.clear(),
    setReplicationLagMs: (lagMs) => {
      directory.replicationLagMs = lagMs;
    },
    setPassLagMs: (lagMs) => {
      directory.passLagMs = lagMs;
    },
    setClockSkewMs: (skewMs) => backstage.setClockSkewMs(skewMs),
    reset: () => {
      backstage.clear();
      opening(stage);
    },
    credentials: () => [...directory.users()].flatMap((user) => user.passkeys.map((passkey) => credentialRecord(user, passkey))),
    methods: (user) => methodsRecord(core, directory.get(user)),
    requests: backstage.requests,
    refusals: backstage.refusals,
    audit: () => audit.all(),
  };
  return stage;
}

function credentialRecord(user: User, passkey: Passkey): CredentialRecord {
  const { methodId, credentialId, publicKey, displayName, aaguid, attestationFormat } = passkey;
  const { attestationLevel, attestationCertificates, createdAtMs, verifiedBy } = passkey;
  const made = { methodId, credentialId, publicKey, displayName, aaguid, attestationFormat };
  return {
    ...made,
    attestationLevel,
    attestationCertificates,
    createdAtMs,
    verifiedBy,
    userHandle: user.userHandle,
    upn: user.upn,
  };
}

function methodsRecord(core: TwinCore, user: User): MethodsRecord {
  const { pass } = user;
  const passRecord: PassRecord | null = pass && {
    methodId: pass.methodId,
    isUsableOnce: pass.isUsableOnce,
    startsAtMs: pass.startsAtMs,
    endsAtMs: pass.endsAtMs,
    usability: core.directory.usability(user, pass),
  };
  return {
    passkeys: user.passkeys.map((passkey) => credentialRecord(user, passkey)),
    pass: passRecord,
    authenticators: user.authenticators.map(({ methodId, displayName, phoneSignIn }) => ({
      methodId,
      displayName,
      phoneSignIn: phoneSignIn !== null,
    })),
  };
}
