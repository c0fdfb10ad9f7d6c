// The stage door: `Stage` over the twin's memory.
import type { Faults } from './faults.ts';
import type { Passkey, User } from './directory/directory.ts';
import type { CredentialRecord, MethodsRecord, PassRecord, RefusalRecord, RequestRecord, Stage } from './stage.ts';
import type { TwinCore } from './twin-core.ts';

export interface Backstage {
  readonly faults: Faults;
  readonly requests: () => readonly RequestRecord[];
  readonly refusals: () => readonly RefusalRecord[];
  setClockSkewMs(skewMs: number): void;
  /** Empties everything but the policy's defaults. */
  clear(): void;
}

export function openStage(core: TwinCore, backstage: Backstage, opening: (stage: Stage) => void): Stage {
  const { directory } = core;
  const stage: Stage = {
    addUser: (user) => {
      const { objectId, upn, displayName } = directory.addUser(user);
      return { objectId, upn, displayName };
    },
    issuePass: (pass) => directory.issuePass(pass),
    setPolicy: (change) => directory.setPolicy(change),
    inject: (fault) => backstage.faults.add(fault),
    clearFaults: () => backstage.faults.clear(),
    setReplicationLagMs: (lagMs) => {
      directory.replicationLagMs = lagMs;
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
    usability: core.directory.usability(pass),
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
