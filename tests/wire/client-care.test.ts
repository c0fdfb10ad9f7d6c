// Key care by our own client on keys of every kind: accounts, fingerprints, settings, secrets, attestation.
import { describe, expect, test } from 'vitest';
import type { SampleAnswer } from '../../main/fido/ctap/bio-enrollment.ts';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';
import { checkCreatedCredential } from '../../main/fido/webauthn/created-credential.ts';
import { hashRpId } from '../../main/fido/webauthn/client-data.ts';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import type { FactoryMemory, Touch } from '../../main/simulator/key/key-model.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { RP_ID, USER_ID, make, openClient, pinBytes, refusalOf, valueOf } from '../support/key-client.ts';

const PIN = pinBytes(TRAINING_PIN);
const LEFT: Touch = { finger: 'left-thumb' };

/** A key of this kind with the training PIN, touched whenever it asks, and our client on it. */
async function careOf(kind: KeyKindName, memory: FactoryMemory = {}) {
  const { model, memory: own } = KEY_KINDS[kind];
  const bench = await keyBench({ model, memory: { ...own, pin: TRAINING_PIN, ...memory } });
  bench.key.autoTouch(10);
  const client = await openClient(bench, bench.link);
  return { bench, ...client, client };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const MANAGING: readonly KeyKindName[] = [
  'modern',
  'latest',
  'preview21',
  'fingerprint',
  'slow',
  'tinyMessages',
  'unsorted',
  'oddOptions',
  'homemade',
  'byteCounting',
  'deafToCancel',
];

describe('accounts', () => {
  test.each(MANAGING)('%s: listed, counted, deleted', async (kind) => {
    const { client, key, call, run, bench } = await careOf(kind);
    expect(valueOf(await run(key.credentials.list(PIN, call)))).toEqual([]);
    const users = ['lina@kiosk.example', 'omar@kiosk.example'];
    for (const [index, userName] of users.entries()) {
      valueOf(await make(client, TRAINING_PIN, { userId: Uint8Array.of(index + 1), userName }));
    }
    const [site, ...others] = valueOf(await run(key.credentials.list(PIN, call)));
    expect(others).toEqual([]);
    expect(site?.rpIdHash).toEqual(hashRpId(RP_ID));
    expect(site?.credentials.map(({ user }) => user.name).toSorted()).toEqual(users);
    expect(site?.credentials.map(({ credentialId }) => hexOf(credentialId)).toSorted()).toEqual(
      bench.key.inspection.credentialIds.map(hexOf).toSorted(),
    );
    const before = valueOf(await run(key.credentials.count(PIN, call)));
    const [first] = site?.credentials ?? [];
    if (first === undefined) throw new Error('nothing listed');
    valueOf(await run(key.credentials.remove(first.credentialId, PIN, call)));
    expect(valueOf(await run(key.credentials.count(PIN, call)))).toEqual({
      existing: before.existing - 1,
      remainingAtMost: before.remainingAtMost + 1,
    });
    expect(refusalOf(await run(key.credentials.remove(first.credentialId, PIN, call)))).toEqual({ kind: 'noCredential' });
  });

  test('renamed where the key can, and a key of the preview says that it cannot', async () => {
    const { client, key, call, run } = await careOf('modern');
    valueOf(await make(client, TRAINING_PIN));
    const [site] = valueOf(await run(key.credentials.list(PIN, call)));
    const credentialId = site?.credentials[0]?.credentialId ?? new Uint8Array(0);
    const user = { id: USER_ID, name: 'new@kiosk.example', displayName: 'New Name' };
    valueOf(await run(key.credentials.updateUser({ credentialId, user }, PIN, call)));
    const [again] = valueOf(await run(key.credentials.list(PIN, call)));
    expect(again?.credentials[0]?.user).toEqual(user);
    const old = await careOf('preview21');
    expect(refusalOf(await old.run(old.key.credentials.updateUser({ credentialId, user }, PIN, old.call)))).toEqual({
      kind: 'notOffered',
      feature: 'userUpdate',
    });
  });

  test('many sites, many accounts', async () => {
    const { key, call, run } = await careOf('modern');
    for (let index = 0; index < 12; index += 1) {
      valueOf(await run(key.makeCredential(requestFor(`site-${index % 5}.example`, index), PIN, call)));
    }
    const sites = valueOf(await run(key.credentials.list(PIN, call)));
    expect(sites.map(({ rpId, credentials }) => `${rpId} ${credentials.length}`).toSorted()).toEqual([
      'site-0.example 3',
      'site-1.example 3',
      'site-2.example 2',
      'site-3.example 2',
      'site-4.example 2',
    ]);
  });

  test('a key of 2019 has nothing of it, and a key without a PIN wants one first', async () => {
    const old = await careOf('ctap20');
    expect(refusalOf(await old.run(old.key.credentials.list(PIN, old.call)))).toEqual({
      kind: 'notOffered',
      feature: 'credentialManagement',
    });
    const { model } = KEY_KINDS.modern;
    const bench = await keyBench({ model, memory: {} });
    const { key, call, run } = await openClient(bench, bench.link);
    expect(refusalOf(await run(key.credentials.list(PIN, call)))).toEqual({ kind: 'pinNotSet' });
  });

  test('a wrong PIN costs one try, and no more', async () => {
    const { key, call, run, bench } = await careOf('modern');
    expect(refusalOf(await run(key.credentials.list(pinBytes('999999'), call)))).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
    expect(bench.key.inspection.pinRetriesLeft).toBe(7);
  });
});

function requestFor(rpId: string, index: number, changes: Partial<CredentialRequest> = {}): CredentialRequest {
  return {
    clientDataHash: new Uint8Array(32).fill(index),
    rp: { id: rpId, name: rpId },
    user: { id: Uint8Array.of(index + 1), name: `person ${index}`, displayName: `Person ${index}` },
    algorithms: [-7],
    excludeCredentialIds: [],
    hmacSecret: true,
    credProtect: null,
    ...changes,
  };
}

describe.each<KeyKindName>(['fingerprint', 'preview21', 'latest'])('fingerprints on %s', (kind) => {
  test('enrolled with a word on every touch, named, listed, renamed, removed', async () => {
    const { key, call, run, bench } = await careOf(kind, { fingers: [] });
    expect(valueOf(await run(key.fingerprints.list(PIN, call)))).toEqual([]);
    bench.key.autoTouch(10, [LEFT, { ...LEFT, flaw: 'poor-quality' }, { ...LEFT, flaw: 'too-left' }, LEFT]);
    const samples: SampleAnswer[] = [];
    const onSample = (sample: SampleAnswer): void => void samples.push(sample);
    const { templateId, name } = valueOf(await run(key.fingerprints.enrol('left thumb', PIN, { ...call, onSample })));
    expect(name).toBe('left thumb');
    expect(samples.map(({ status }) => status)).toEqual(['good', 'poorQuality', 'tooLeft', 'good', 'good', 'good']);
    expect(samples.at(-1)?.remainingSamples).toBe(0);
    expect(valueOf(await run(key.fingerprints.list(PIN, call)))).toEqual([{ templateId, name: 'left thumb' }]);
    valueOf(await run(key.fingerprints.rename({ templateId, name: 'a name far beyond what fits' }, PIN, call)));
    expect(bench.key.inspection.fingerNames).toEqual(['a name far beyo']);
    valueOf(await run(key.fingerprints.remove(templateId, PIN, call)));
    expect(refusalOf(await run(key.fingerprints.remove(templateId, PIN, call)))).toEqual({ kind: 'noFingerprint' });
    expect(bench.key.inspection.fingerNames).toEqual([]);
  });

  test('stopped half-way: nothing is left, and the next one begins anew', async () => {
    const { client, key, call, run, bench } = await careOf(kind, { fingers: [] });
    bench.key.autoTouch(10, [LEFT]);
    const stop = new AbortController();
    let touches = 0;
    const onSample = (): void => {
      touches += 1;
      if (touches !== 2) return;
      bench.key.autoTouch('never');
      stop.abort(new Error('enough'));
    };
    const stopped = { ...call, signal: stop.signal, onSample };
    await expect(run(key.fingerprints.enrol('x', PIN, stopped))).rejects.toThrow('enough');
    expect(bench.key.inspection.fingerNames).toEqual([]);
    bench.key.autoTouch(10, [LEFT]);
    expect(valueOf(await run(client.key.fingerprints.enrol('y', PIN, call))).name).toBe('y');
  });

  test('nobody touches any more', async () => {
    const { key, call, run, bench } = await careOf(kind, { fingers: [] });
    bench.key.autoTouch('never');
    expect(refusalOf(await run(key.fingerprints.enrol('x', PIN, call)))).toEqual({ kind: 'touchTimeout' });
    expect(bench.key.inspection.fingerNames).toEqual([]);
  });
});

test('no room for another finger', async () => {
  const { key, call, run } = await careOf('latest', { fingers: ['one', 'two', 'three', 'four', 'five'] });
  expect(refusalOf(await run(key.fingerprints.enrol('six', PIN, call)))).toEqual({ kind: 'fingerprintsFull' });
});

describe('the finger instead of the PIN', () => {
  test('makes and uses a credential where no PIN may', async () => {
    const { key, call, run } = await careOf('fingerprintOnly');
    const request = requestFor(RP_ID, 1);
    expect(refusalOf(await run(key.makeCredential(request, PIN, call)))).toEqual({ kind: 'fingerprintNeeded' });
    const created = valueOf(await run(key.makeCredential(request, 'sensor', call)));
    const expected = { rpId: RP_ID, aaguid: created.info.aaguid, algorithms: [-7] };
    expect(checkCreatedCredential(created.authenticatorData, expected).ok).toBe(true);
    const asked = { rpId: RP_ID, clientDataHash: new Uint8Array(32), allowCredentialIds: [] };
    expect(valueOf(await run(key.getAssertions(asked, 'sensor', call)))).toHaveLength(1);
  });

  test('a wrong one, with the tries it has left; a locked sensor; the PIN still goes', async () => {
    const { key, call, run, bench } = await careOf('fingerprint');
    bench.key.autoTouch(10, [LEFT]);
    expect(valueOf(await run(key.sensorRetries(call)))).toBe(5);
    const wrong = refusalOf(await run(key.credentials.count('sensor', call)));
    expect(wrong).toMatchObject({ kind: 'fingerprintWrong', retriesLeft: bench.key.inspection.uvRetriesLeft });
    const locked = await careOf('fingerprintBlocked');
    expect(refusalOf(await locked.run(locked.key.credentials.count('sensor', locked.call)))).toEqual({
      kind: 'fingerprintLocked',
    });
    expect(valueOf(await locked.run(locked.key.credentials.count(PIN, locked.call))).existing).toBe(0);
  });

  test('manages fingers and settings only where the key says so', async () => {
    const plain = await careOf('fingerprint');
    expect(refusalOf(await plain.run(plain.key.fingerprints.list('sensor', plain.call)))).toEqual({
      kind: 'notOffered',
      feature: 'ownVerification',
    });
    const self = await careOf('latest', { fingers: ['right-index'] });
    expect(valueOf(await self.run(self.key.fingerprints.list('sensor', self.call)))).toHaveLength(1);
    expect(valueOf(await self.run(self.key.settings.setAlwaysUv(true, 'sensor', self.call))).options.get('alwaysUv')).toBe(true);
  });
});

describe('settings', () => {
  test('each of them on the latest key, read back', async () => {
    const { key, call, run, bench } = await careOf('latest');
    const { settings } = key;
    expect(valueOf(await run(settings.setMinPinLength({ newMinPinLength: 6, rpIds: [RP_ID] }, PIN, call))).minPinLength).toBe(6);
    expect(refusalOf(await run(settings.setMinPinLength({ newMinPinLength: 4 }, PIN, call)))).toEqual({
      kind: 'minPinLengthTooLow',
      minPinLength: 6,
    });
    valueOf(await run(settings.setAlwaysUv(true, PIN, call)));
    valueOf(await run(settings.setAlwaysUv(true, PIN, call)));
    expect(bench.key.inspection.alwaysUv).toBe(true);
    valueOf(await run(settings.setAlwaysUv(false, PIN, call)));
    expect(bench.key.inspection.alwaysUv).toBe(false);
    expect(valueOf(await run(settings.enableEnterpriseAttestation(PIN, call))).options.get('ep')).toBe(true);
    expect(valueOf(await run(settings.enableLongTouchForReset(PIN, call))).longTouchForReset).toBe(true);
    const told = valueOf(await run(key.makeCredential(requestFor(RP_ID, 1, { minPinLength: true }), PIN, call)));
    const expected = { rpId: RP_ID, aaguid: told.info.aaguid, algorithms: [-7] };
    expect(checkCreatedCredential(told.authenticatorData, expected)).toMatchObject({
      value: { extensionOutputs: { minPinLength: 6 } },
    });
  });

  test('a key handed over with a PIN to be changed', async () => {
    const { key, call, run, bench } = await careOf('latest');
    valueOf(await run(key.settings.setMinPinLength({ forceChangePin: true }, PIN, call)));
    expect(refusalOf(await run(key.credentials.count(PIN, call)))).toEqual({ kind: 'pinMustChange' });
    expect(bench.key.inspection.pinRetriesLeft).toBe(8);
    const newPin = pinBytes('31415926');
    valueOf(await run(key.changePin({ oldPin: PIN, newPin }, call)));
    expect(valueOf(await run(key.credentials.count(newPin, call))).existing).toBe(0);
  });

  test('before there is a PIN: one key takes them, another wants the PIN first', async () => {
    const open = await keyBench({ model: KEY_KINDS.modern.model, memory: {} });
    const first = await openClient(open, open.link);
    const longer = first.key.settings.setMinPinLength({ newMinPinLength: 8 }, null, first.call);
    expect(valueOf(await first.run(longer)).minPinLength).toBe(8);
    const strict = await keyBench({ model: KEY_KINDS.homemade.model, memory: {} });
    const second = await openClient(strict, strict.link);
    const refusing = second.key.settings.setMinPinLength({ newMinPinLength: 8 }, null, second.call);
    expect(refusalOf(await second.run(refusing))).toEqual({ kind: 'pinNotSet' });
  });

  test('a key that says yes and forgets', async () => {
    const { key, call, run } = await careOf('homemade');
    expect(refusalOf(await run(key.settings.enableEnterpriseAttestation(PIN, call)))).toEqual({ kind: 'settingNotTaken' });
  });

  test('the certificate that names the key, once it is switched on and asked for', async () => {
    const { key, call, run } = await careOf('latest');
    const request = requestFor('login.microsoft.com', 1, { enterpriseAttestation: 'vendorFacilitated' });
    expect(valueOf(await run(key.makeCredential(request, PIN, call))).enterpriseAttestation).toBeUndefined();
    valueOf(await run(key.settings.enableEnterpriseAttestation(PIN, call)));
    const again = { ...request, user: { ...request.user, id: Uint8Array.of(9) } };
    expect(valueOf(await run(key.makeCredential(again, PIN, call))).enterpriseAttestation).toBe(true);
  });
});

test('the same secrets at creation and at every sign-in', async () => {
  const { key, call, run } = await careOf('latest');
  const hmacSalts = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
  const created = valueOf(await run(key.makeCredential(requestFor(RP_ID, 1, { hmacSalts }), PIN, call)));
  const asked = { rpId: RP_ID, clientDataHash: new Uint8Array(32), allowCredentialIds: [], hmacSalts };
  const [first] = valueOf(await run(key.getAssertions(asked, PIN, call)));
  expect(created.hmacSecrets).toHaveLength(2);
  expect(first?.hmacSecrets).toEqual(created.hmacSecrets);
  const [one] = valueOf(await run(key.getAssertions({ ...asked, hmacSalts: [hmacSalts[1]] }, PIN, call)));
  expect(one?.hmacSecrets).toEqual([created.hmacSecrets?.[1]]);
});

describe('attesting before any PIN', () => {
  const CLIENT_PIN = 6;

  async function attestOf(kind: KeyKindName, memory: FactoryMemory) {
    const bench = await keyBench({ model: KEY_KINDS[kind].model, memory });
    bench.key.autoTouch(10);
    const commands: number[] = [];
    bench.key.onEvent((event) => void (event.kind === 'answered' && commands.push(event.ctapCommand)));
    const { key, call, run } = await openClient(bench, bench.link);
    return { bench, commands, key, call, run, outcome: await run(key.attest(call)) };
  }

  test.each<[KeyKindName, 'certified' | 'self']>([
    ['modern', 'certified'],
    ['ctap20', 'certified'],
    ['latest', 'certified'],
    ['tinyMessages', 'certified'],
    ['homemade', 'self'],
  ])('%s, fresh: %s; no PIN byte is sent and no account is left', async (kind, attested) => {
    const { bench, commands, outcome, key, call, run } = await attestOf(kind, {});
    const { attestation, aaguid } = valueOf(outcome);
    expect(attestation).toMatchObject({ ok: true, value: { kind: attested } });
    expect(aaguid).toEqual(bench.key.model.ctap2?.aaguid);
    expect(commands).not.toContain(CLIENT_PIN);
    valueOf(await run(key.setPin(PIN, call)));
    const asked = { rpId: 'attestation.invalid', clientDataHash: new Uint8Array(32), allowCredentialIds: [] };
    expect(refusalOf(await run(key.getAssertions(asked, PIN, call)))).toEqual({ kind: 'noCredential' });
  });

  test.each<[KeyKindName, FactoryMemory, boolean]>([
    ['modern', { pin: TRAINING_PIN }, true],
    ['ctap20', { pin: TRAINING_PIN }, false],
    ['alwaysUv', {}, false],
    ['alwaysUv', { pin: TRAINING_PIN }, false],
    ['fingerprint', { pin: TRAINING_PIN, fingers: ['right-index'] }, true],
  ])('%s with %j: possible %s', async (kind, memory, possible) => {
    const { commands, outcome } = await attestOf(kind, memory);
    expect(outcome.ok ? 'attested' : outcome.refusal.kind).toBe(possible ? 'attested' : 'attestationNeedsPin');
    expect(commands).not.toContain(CLIENT_PIN);
  });

  test('nobody touches', async () => {
    const bench = await keyBench({ model: KEY_KINDS.modern.model, memory: {} });
    const { key, call, run } = await openClient(bench, bench.link);
    expect(refusalOf(await run(key.attest(call)))).toEqual({ kind: 'touchTimeout' });
  });
});
