// Our client through a whole registration on every kind of virtual key and every documented quirk.
import { describe, expect, test } from 'vitest';
import { entraObstacles } from '../../main/fido/key/key-description.ts';
import { KEY_QUIRKS, type KeyQuirk } from '../../main/simulator/key/key-quirks.ts';
import { withCtap2, withQuirks, type KeyModel } from '../../main/simulator/key/key-model.ts';
import {
  CTAP20_KEY,
  MODERN_KEY,
  TRAINING_KEYS,
  TRAINING_PIN,
  type TrainingKeyName,
} from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { assertAll, checkMade, checkProof, make, openClient, pinBytes, valueOf } from '../support/key-client.ts';

const NEW_PIN = '8642097531';

/** First PIN, credential, checks, proof, all with a finger after 300 ms. */
async function register(model: KeyModel) {
  const bench = await keyBench({ model, memory: {} });
  bench.key.autoTouch(300);
  const client = await openClient(bench, bench.link);
  const { key, run, call } = client;
  valueOf(await run(key.setPin(pinBytes(NEW_PIN), call)));
  const { checked, attestation } = checkMade(valueOf(await make(client, NEW_PIN)));
  const [assertion] = valueOf(await assertAll(client, NEW_PIN));
  const signCount = checkProof(assertion, checked);
  return { ...bench, client, checked, attestation, signCount };
}

describe('a whole registration', () => {
  test.each([
    ['modern', MODERN_KEY],
    ['modern, protocol one only', withCtap2(MODERN_KEY, { pinUvProtocols: [1] })],
    ['modern, protocol two only', withCtap2(MODERN_KEY, { pinUvProtocols: [2] })],
    ['ctap20', CTAP20_KEY],
    ['noHmacSecret', TRAINING_KEYS.noHmacSecret.model],
    ['minPin6', TRAINING_KEYS.minPin6.model],
    ['304-byte credential ids', withCtap2(MODERN_KEY, { credentialIdBytes: 304 })],
    ['a thinking time', withCtap2(MODERN_KEY, { thinkingMs: 450 })],
    ['self attestation', withCtap2(MODERN_KEY, { attestation: 'packed-self' })],
    ['no attestation', withCtap2(MODERN_KEY, { attestation: 'none' })],
  ])('on a key with %s', async (_, model) => {
    const { client, checked, signCount, clock, attestation } = await register(model);
    expect(signCount).toBe(1);
    expect(checked.credentialId).toHaveLength(model.ctap2?.credentialIdBytes ?? 0);
    const style = model.ctap2?.attestation;
    expect(attestation.kind).toBe(style === 'packed-self' ? 'self' : style === 'none' ? 'none' : 'certified');
    expect(client.progress.filter((step) => step === 'touchNeeded')).toHaveLength(2);
    await client.run(client.channel.close());
    expect(clock.pendingWaits).toBe(0);
  });

  test('asks for hmac-secret and credProtect where the key has them, and never elsewhere', async () => {
    for (const [model, outputs] of [
      [MODERN_KEY, { 'hmac-secret': true, credProtect: 2 }],
      [CTAP20_KEY, { 'hmac-secret': true }],
      [TRAINING_KEYS.noHmacSecret.model, { credProtect: 2 }],
    ] as const) {
      const bench = await keyBench({ model, memory: { pin: TRAINING_PIN } });
      bench.key.autoTouch(0);
      const client = await openClient(bench, bench.link);
      const made = valueOf(await make(client, TRAINING_PIN, { credProtect: { level: 2, enforced: false } }));
      expect(checkMade(made).checked.extensionOutputs).toEqual(outputs);
    }
  });

  test('names of any length reach the key as 64 bytes, whole characters', async () => {
    const bench = await keyBench({ model: withQuirks(MODERN_KEY, 'refuses-large-user'), memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    expect(await make(client, TRAINING_PIN, { userName: `${'é'.repeat(40)}@example.com` })).toMatchObject({ ok: true });
  });

  test('several accounts are all told, newest first', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    for (const id of [1, 2, 3]) valueOf(await make(client, TRAINING_PIN, { userId: Uint8Array.of(id) }));
    const assertions = valueOf(await assertAll(client, TRAINING_PIN));
    expect(assertions.map(({ user }) => user?.id[0])).toEqual([3, 2, 1]);
  });
});

describe('the exclude list', () => {
  async function withCredential(model: KeyModel) {
    const bench = await keyBench({ model, memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    const { checked } = checkMade(valueOf(await make(client, TRAINING_PIN, { credProtect: { level: 3, enforced: true } })));
    return { ...bench, client, id: checked.credentialId };
  }
  const strangers = (count: number) => Array.from({ length: count }, (_, index) => new Uint8Array(64).fill(index + 1));

  test.each([
    ['fits', 3],
    ['is longer than the key takes', 20],
  ])('that %s: the credential is found, protected as it is', async (_, others) => {
    const { client, id } = await withCredential(MODERN_KEY);
    const excludeCredentialIds = [...strangers(others), id];
    expect(await make(client, TRAINING_PIN, { excludeCredentialIds })).toEqual({
      ok: false,
      refusal: { kind: 'alreadyRegistered' },
    });
  });

  test.each([
    ['a good key', MODERN_KEY],
    ['a key that forgets its token after a probe', withQuirks(MODERN_KEY, 'forgets-token-after-probe')],
    ['a key with little room for messages', withCtap2(MODERN_KEY, { maxRequestBytes: 600 })],
  ])('of strangers only: %s makes the credential', async (_, model) => {
    const { client, id, key } = await withCredential(model);
    const excludeCredentialIds = [...strangers(20), new Uint8Array(1_000)];
    const other = { excludeCredentialIds, userId: Uint8Array.of(9) };
    const { checked } = checkMade(valueOf(await make(client, TRAINING_PIN, other)));
    expect(key.inspection.credentialIds).toEqual([id, checked.credentialId]);
  });
});

describe('quirks: each is survived, or refused for what it is', () => {
  // One can't be lived with unless it is known beforehand; tests/wire/vendor-keys.test.ts has it.
  const apart: readonly KeyQuirk[] = ['no-credentials-by-pin', 'chokes-on-ctap2'];
  const quirks = (Object.keys(KEY_QUIRKS) as KeyQuirk[]).filter((quirk) => !apart.includes(quirk));

  test('no-credentials-by-pin', async () => {
    const bench = await keyBench({ model: withQuirks(MODERN_KEY, 'no-credentials-by-pin'), memory: { pin: TRAINING_PIN } });
    const client = await openClient(bench, bench.link);
    expect(await make(client, TRAINING_PIN)).toEqual({ ok: false, refusal: { kind: 'fingerprintNeeded' } });
    expect(bench.key.inspection.pinRetriesLeft).toBe(8);
  });

  test.each(quirks)('%s', async (quirk) => {
    const bench = await keyBench({ model: withQuirks(MODERN_KEY, quirk), memory: {} });
    bench.key.autoTouch(50);
    const client = await openClient(bench, bench.link);
    const described = await client.run(client.key.describe(client.call));
    expect(described).toMatchObject({ kind: 'ctap2', pin: { kind: 'none' } });
    valueOf(await client.run(client.key.setPin(pinBytes(NEW_PIN), client.call)));
    const { checked } = checkMade(valueOf(await make(client, NEW_PIN)));
    const [assertion] = valueOf(await assertAll(client, NEW_PIN));
    expect(checkProof(assertion, checked)).toBe(1);
  });
});

describe('what the client sees of a key', () => {
  test.each([
    ['modern', []],
    ['ctap20', []],
    ['u2fOnly', ['noCtap2']],
    ['noHmacSecret', ['noHmacSecret']],
    ['minPin6', []],
    ['pinSet', []],
    ['full', ['full']],
  ] as const)('%s: obstacles %j', async (name: TrainingKeyName, obstacles) => {
    const bench = await keyBench(TRAINING_KEYS[name]);
    const client = await openClient(bench, bench.link);
    expect(entraObstacles(await client.run(client.key.describe(client.call)))).toEqual(obstacles);
  });

  test.each([
    ['pinSet', { kind: 'set', mustChange: false, retriesLeft: 8, replugNeeded: false }],
    ['needsPinChange', { kind: 'set', mustChange: true, retriesLeft: 8, replugNeeded: false }],
    ['pinBlockedUntilReplug', { kind: 'set', mustChange: false, retriesLeft: 5, replugNeeded: true }],
    ['lockedPin', { kind: 'set', mustChange: false, retriesLeft: 0, replugNeeded: false }],
    ['modern', { kind: 'none' }],
  ] as const)('%s: PIN state', async (name, pin) => {
    const bench = await keyBench(TRAINING_KEYS[name]);
    const client = await openClient(bench, bench.link);
    expect(await client.run(client.key.describe(client.call))).toMatchObject({ kind: 'ctap2', pin });
  });

  test('a U2F key says its version and refuses everything else as a value', async () => {
    const bench = await keyBench(TRAINING_KEYS.u2fOnly);
    const client = await openClient(bench, bench.link);
    expect(await client.run(client.key.describe(client.call))).toMatchObject({ kind: 'u2f', u2fVersion: 'U2F_V2' });
    const noCtap2 = { ok: false, refusal: { kind: 'noCtap2' } };
    expect(await client.run(client.key.setPin(pinBytes('1234'), client.call))).toEqual(noCtap2);
    expect(await make(client, '1234')).toEqual(noCtap2);
    expect(await client.run(client.key.reset(client.call))).toEqual(noCtap2);
  });

  test('a key whose getInfo lies is read, and its lies do no harm', async () => {
    const lies = new Map<number, number>([
      [0x05, 2 ** 32],
      [0x07, 2 ** 40],
      [0x0d, 4],
      [0x14, 2 ** 50],
    ]);
    const bench = await keyBench({ model: withCtap2(MODERN_KEY, { infoOverrides: lies }), memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    const { checked } = checkMade(valueOf(await make(client, TRAINING_PIN)));
    expect(bench.key.inspection.credentialIds).toEqual([checked.credentialId]);
  });

  test('a key that claims another AAGUID in getInfo than in its credential is caught', async () => {
    const claimed = new Map([[0x03, new Uint8Array(16).fill(0xee)]]);
    const bench = await keyBench({ model: withCtap2(MODERN_KEY, { infoOverrides: claimed }), memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    const made = valueOf(await make(client, TRAINING_PIN));
    expect(() => checkMade(made)).toThrow(/aaguid/u);
  });

  test.each([
    ['broken-signature', /attestationSignature/u],
    ['foreign-aaguid-certificate', /aaguid|attestationCertificate/u],
  ] as const)('attestation %s is caught before anybody is told', async (attestation, message) => {
    const bench = await keyBench({ model: withCtap2(MODERN_KEY, { attestation }), memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(0);
    const client = await openClient(bench, bench.link);
    const made = valueOf(await make(client, TRAINING_PIN));
    expect(() => checkMade(made)).toThrow(message);
  });
});

test('selection and reset', async () => {
  const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
  bench.key.autoTouch(0);
  const client = await openClient(bench, bench.link);
  expect(await client.run(client.key.select(client.call))).toEqual({ ok: true, value: null });
  expect(await client.run(client.key.reset(client.call))).toEqual({
    ok: true,
    value: { recognisedBy: undefined, state: 'fresh' },
  });
  await bench.clock.advance(20_000);
  expect(await client.run(client.key.reset(client.call))).toEqual({ ok: false, refusal: { kind: 'resetNotAllowed' } });
});
