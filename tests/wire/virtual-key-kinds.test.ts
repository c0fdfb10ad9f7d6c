// Every kind of key in the hands of our client: described, given a PIN, made to hold a credential that is checked, proven
// and found again; or refused for the reason the kind is there for.
import { expect, test } from 'vitest';
import type { KeyRefusal } from '../../main/fido/key/outcome.ts';
import { ENROLLED_FINGER, KEY_KINDS, type KeyKind, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { assertAll, checkMade, checkProof, make, openClient, pinBytes, refusalOf, valueOf } from '../support/key-client.ts';

const NEW_PIN = '314159';

/** What stands in the way of a credential, by kind; the others take one. */
const REFUSALS: Partial<Record<KeyKindName, KeyRefusal['kind']>> = {
  full: 'keyFull',
  fingerprintOnly: 'fingerprintNeeded',
  u2fOnly: 'noCtap2',
};

test.each(Object.keys(KEY_KINDS) as KeyKindName[])('%s', { timeout: 30_000 }, async (name) => {
  const kind: KeyKind = KEY_KINDS[name];
  const bench = await keyBench(kind);
  bench.key.autoTouch(100);
  const client = await openClient(bench, bench.link);
  const { key, call, run } = client;

  const described = await run(key.describe(call));
  if (kind.model.ctap2 === undefined) {
    expect(described).toMatchObject({ kind: 'u2f', u2fVersion: 'U2F_V2' });
    expect(refusalOf(await make(client, NEW_PIN))).toMatchObject({ kind: REFUSALS[name] });
    return;
  }
  expect(described).toMatchObject({ kind: 'ctap2', info: { aaguid: kind.model.ctap2.aaguid } });
  if (described.kind !== 'ctap2') throw new Error('unreachable');
  expect(described.pin).toMatchObject({ kind: kind.memory.pin === undefined ? 'none' : 'set' });

  // A PIN the desk knows: a first one, or a new one for the one it came with.
  const change = { oldPin: pinBytes(TRAINING_PIN), newPin: pinBytes(NEW_PIN) };
  const set = kind.memory.pin === undefined ? key.setPin(pinBytes(NEW_PIN), call) : key.changePin(change, call);
  valueOf(await run(set));

  const made = await make(client, NEW_PIN);
  const refusal = REFUSALS[name];
  if (refusal !== undefined) {
    expect(refusalOf(made)).toMatchObject({ kind: refusal });
    return;
  }
  const { checked } = checkMade(valueOf(made));
  checkProof(valueOf(await assertAll(client, NEW_PIN))[0], checked);
  expect(refusalOf(await make(client, NEW_PIN, { excludeCredentialIds: [checked.credentialId] }))).toMatchObject({
    kind: 'alreadyRegistered',
  });
  await run(client.channel.close());
  expect(bench.clock.pendingWaits).toBe(0);
});

test('what the odd ones say is kept as it came and harms nothing', async () => {
  const bench = await keyBench(KEY_KINDS.oddOptions);
  const client = await openClient(bench, bench.link);
  const described = await client.run(client.key.describe(client.call));
  if (described.kind !== 'ctap2') throw new Error('not CTAP 2');
  const { info } = described;
  expect(info.vendorPrototypeConfigCommands).toEqual([0xe8d0_b3f1_2c4a_5701n, 1n]);
  expect(info.options.has('defaultCredProtect')).toBe(false);
  expect(info.oddities).toEqual(expect.arrayContaining(['getInfo[0x04].defaultCredProtect', 'getInfo[0x04].futureOption']));
  expect(info.raw.get(0x7f)).toEqual(new Map([['made', ['tomorrow', 18_446_744_073_709_551_615n]]]));
});

test('a finger makes the credential where a PIN may not', async () => {
  const bench = await keyBench(KEY_KINDS.fingerprintOnly);
  bench.key.autoTouch(100, [{ finger: 'left-thumb' }, { finger: ENROLLED_FINGER }]);
  const client = await openClient(bench, bench.link);
  const request = {
    clientDataHash: new Uint8Array(32),
    rp: { id: 'login.example', name: 'Example' },
    user: { id: Uint8Array.of(1), name: 'person@example', displayName: 'A Person' },
    algorithms: [-7],
    excludeCredentialIds: [],
    hmacSecret: true,
    credProtect: null,
  };
  const attempt = () => client.run(client.key.makeCredential(request, 'sensor', client.call));
  expect(refusalOf(await attempt())).toMatchObject({ kind: 'fingerprintWrong', retriesLeft: 4 });
  expect((await attempt()).ok).toBe(true);
});
