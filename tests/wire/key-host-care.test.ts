// Care of keys through the wall: every verb on keys that can and keys that can't, nothing without the token, and a reset that
// erases the key that was meant.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FingerprintSample, KeyInspection } from '../../main/ports/key-care.ts';
import type { KeyRef } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk, type KeyHostDeskOptions } from '../support/key-host-desk.ts';

const NEW_PIN = 'pLanted-5501';
const LEFT_THUMB = { finger: 'left-thumb' };

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

async function reopen(options: KeyHostDeskOptions): Promise<void> {
  await desk.close();
  desk = await openKeyHostDesk(options);
}

interface Plugged {
  readonly key: VirtualKey;
  readonly ref: KeyRef;
}

async function plugged(kind: KeyKindName | 'pinSet' = 'pinSet'): Promise<Plugged> {
  const { model, memory } = kind === 'pinSet' ? TRAINING_KEYS.pinSet : KEY_KINDS[kind];
  const key = await desk.makeKey({ model, memory: model.ctap2 ? { pin: TRAINING_PIN, ...memory } : memory });
  key.autoTouch(100);
  return { key, ref: await desk.plug(key) };
}

async function replugged(key: VirtualKey): Promise<KeyRef> {
  desk.usb.unplug(key);
  await desk.clock.advance(1_000);
  return await desk.plug(key);
}

const pin = (text = TRAINING_PIN) => desk.secret(text);
const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.reason));
  return outcome.value;
};
const inspect = async (ref: KeyRef): Promise<KeyInspection> => valueOf(await desk.run(desk.care.inspect(ref, desk.ceremony())));

async function makeAccount(ref: KeyRef, name = 'noor@firstkey.example'): Promise<void> {
  const user = { idB64u: Buffer.from(name).toString('base64url'), name, displayName: 'Noor' };
  valueOf(await desk.run(desk.keys.makeCredential(ref, creationOptions({ user }), pin(), desk.ceremony())));
}

describe('what a key is', () => {
  test('everything it tells without a PIN and without a touch', async () => {
    const { key, ref } = await plugged();
    key.autoTouch('never');
    const seen = await inspect(ref);
    expect(seen).toMatchObject({
      description: { pin: 'set', tries: { left: 8, of: 8 }, unusable: null },
      vendorId: key.model.vendorId,
      productId: key.model.productId,
      versions: ['FIDO_2_0', 'FIDO_2_1_PRE', 'FIDO_2_1'],
      pinUvProtocols: [2, 1],
      algorithms: [-7, -8],
      accountsLeft: 100,
      mustChangePin: false,
      serial: null,
    });
    expect(seen.options).toMatchObject({ clientPin: true, rk: true });
    expect(seen.offers).toEqual(expect.arrayContaining(['changePin', 'accounts', 'reset']));
    expect(seen.offers).not.toContain('setPin');
  });

  test.each(Object.keys(KEY_KINDS) as KeyKindName[])('%s: inspected, or refused for a reason', async (kind) => {
    const { ref } = await plugged(kind);
    const outcome = await desk.run(desk.care.inspect(ref, desk.ceremony()));
    expect(outcome).toMatchObject({ ok: true });
  });

  test('a key of U2F alone offers nothing', async () => {
    const { ref } = await plugged('u2fOnly');
    expect(await inspect(ref)).toMatchObject({ versions: ['U2F_V2'], offers: [], description: { pin: 'unsupported' } });
  });
});

describe('accounts', () => {
  test('listed after the PIN, deleted, gone', async () => {
    const { ref } = await plugged();
    for (const name of ['noor@firstkey.example', 'sam@firstkey.example']) await makeAccount(ref, name);
    const { accounts, left } = valueOf(await desk.run(desk.care.accounts(ref, pin(), desk.ceremony())));
    expect(left).toBe(98);
    expect(accounts.map(({ rpId, userName }) => `${userName} at ${rpId}`).toSorted()).toEqual([
      'noor@firstkey.example at login.microsoft.com',
      'sam@firstkey.example at login.microsoft.com',
    ]);
    const [first] = accounts;
    if (!first) throw new Error('no account');
    const remove = () => desk.run(desk.care.deleteAccount(ref, first.credentialIdB64u, pin(), desk.ceremony()));
    expect(await remove()).toEqual({ ok: true, value: null });
    expect(await remove()).toMatchObject({ reason: { code: 'key.refused', detail: { statusName: 'noCredential' } } });
    expect(valueOf(await desk.run(desk.care.accounts(ref, pin(), desk.ceremony()))).accounts.length).toBe(1);
  });

  test('a wrong PIN tells no names, and three of them are the last for care and desk alike', async () => {
    const { key, ref } = await plugged();
    await makeAccount(ref);
    const wrong = () => desk.run(desk.care.accounts(ref, pin('000000'), desk.ceremony()));
    expect(await wrong()).toEqual({ ok: false, reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } } });
    await wrong();
    expect(await wrong()).toMatchObject({ reason: { code: 'key.pinReplug' } });
    expect(await desk.run(desk.keys.changePin(ref, pin(), pin(NEW_PIN), desk.ceremony()))).toMatchObject({
      reason: { code: 'key.pinReplug' },
    });
    expect(key.inspection.pinRetriesLeft).toBe(5);
  });

  test('a key of CTAP 2.0 says that it can’t', async () => {
    const { ref } = await plugged('ctap20');
    expect(await desk.run(desk.care.accounts(ref, pin(), desk.ceremony()))).toMatchObject({
      reason: { code: 'key.refused', detail: { statusName: 'notOffered' } },
    });
  });
});

describe('fingerprints', () => {
  test('taught touch by touch, named, renamed, removed', async () => {
    const { key, ref } = await plugged('fingerprint');
    key.autoTouch(100, [LEFT_THUMB, { ...LEFT_THUMB, flaw: 'poor-quality' }, LEFT_THUMB]);
    const samples: FingerprintSample[] = [];
    const onSample = (sample: FingerprintSample) => samples.push(sample);
    const before = valueOf(await desk.run(desk.care.fingerprints(ref, pin(), desk.ceremony())));
    const enrolled = valueOf(
      await desk.run(desk.care.enrollFingerprint(ref, 'left thumb', pin(), { ...desk.ceremony(), onSample })),
    );
    expect(enrolled.name).toBe('left thumb');
    expect(samples.map(({ quality, left }) => `${quality} ${left}`)).toEqual([
      'good 3',
      'poorQuality 3',
      'good 2',
      'good 1',
      'good 0',
    ]);
    const renamed = { ...enrolled, name: 'right thumb' };
    expect(await desk.run(desk.care.renameFingerprint(ref, renamed, pin(), desk.ceremony()))).toMatchObject({ ok: true });
    const all = valueOf(await desk.run(desk.care.fingerprints(ref, pin(), desk.ceremony())));
    expect(all).toEqual([...before, renamed]);
    const remove = () => desk.run(desk.care.removeFingerprint(ref, enrolled.templateIdB64u, pin(), desk.ceremony()));
    expect(await remove()).toEqual({ ok: true, value: null });
    expect(await remove()).toMatchObject({ reason: { detail: { statusName: 'noFingerprint' } } });
  });

  test('an abort in the middle tells no more samples and leaves no finger behind', async () => {
    const { key, ref } = await plugged('fingerprint');
    key.autoTouch('never');
    const before = valueOf(await desk.run(desk.care.fingerprints(ref, pin(), desk.ceremony())));
    const control = new AbortController();
    const samples: FingerprintSample[] = [];
    const enrolling = desk.care.enrollFingerprint(ref, 'x', pin(), {
      ...desk.ceremony({ signal: control.signal }),
      onSample: (sample) => samples.push(sample),
    });
    const ended = enrolling.then(
      () => null,
      (reason: unknown) => reason,
    );
    await desk.clock.advance(500);
    key.touch(LEFT_THUMB);
    await desk.clock.advance(500);
    expect(samples.length).toBe(1);
    control.abort(new Error('enough'));
    expect(await ended).toEqual(new Error('enough'));
    expect(valueOf(await desk.run(desk.care.fingerprints(ref, pin(), desk.ceremony())))).toEqual(before);
    expect(samples.length).toBe(1);
  });
});

describe('settings', () => {
  test('a longer least PIN, and a PIN that must be changed', async () => {
    const { ref } = await plugged();
    const change = { setting: 'minPinLength', length: 8, forceChange: true } as const;
    expect(await desk.run(desk.care.configure(ref, change, pin(), desk.ceremony()))).toEqual({ ok: true, value: null });
    expect(await inspect(ref)).toMatchObject({ description: { minPinLength: 8, pin: 'mustChange' }, mustChangePin: true });
    expect(await desk.run(desk.care.changePin(ref, pin(), pin(NEW_PIN), desk.ceremony()))).toMatchObject({ ok: true });
    const shorter = { setting: 'minPinLength', length: 6, forceChange: false } as const;
    expect(await desk.run(desk.care.configure(ref, shorter, pin(NEW_PIN), desk.ceremony()))).toMatchObject({
      reason: { code: 'key.refused', detail: { statusName: 'minPinLengthTooLow', minPinLength: 8 } },
    });
  });

  test.each([
    { setting: 'alwaysUv', on: true },
    { setting: 'enterpriseAttestation' },
    { setting: 'longTouchReset' },
    { setting: 'forcePinChange' },
  ] as const)('$setting is offered, and then it is so', async (change) => {
    const { ref } = await plugged('latest');
    const offer = change.setting === 'forcePinChange' ? 'minPinLength' : change.setting;
    expect((await inspect(ref)).offers).toContain(offer);
    expect(await desk.run(desk.care.configure(ref, change, pin(), desk.ceremony()))).toEqual({ ok: true, value: null });
  });

  test('a key that was told to want a long touch says so from then on', async () => {
    const { ref } = await plugged('latest');
    expect(await inspect(ref)).toMatchObject({ longTouchForReset: false });
    await desk.run(desk.care.configure(ref, { setting: 'longTouchReset' }, pin(), desk.ceremony()));
    expect(await inspect(ref)).toMatchObject({ longTouchForReset: true });
  });

  test('before it has a PIN, where the key allows it, and refused for a reason where not', async () => {
    const open = await desk.plug(await desk.makeKey(KEY_KINDS.latest));
    const outcome = await desk.run(desk.care.configure(open, { setting: 'alwaysUv', on: true }, null, desk.ceremony()));
    expect(outcome).toEqual({ ok: true, value: null });
    const { ref } = await plugged();
    const withPin = await desk.run(desk.care.configure(ref, { setting: 'forcePinChange' }, null, desk.ceremony()));
    expect(withPin).toMatchObject({ ok: false, reason: { code: 'key.refused' } });
  });

  test('a first PIN', async () => {
    const key = await desk.makeKey(TRAINING_KEYS.modern);
    const ref = await desk.plug(key);
    expect((await inspect(ref)).offers).toContain('setPin');
    expect(await desk.run(desk.care.setPin(ref, pin(NEW_PIN), desk.ceremony()))).toEqual({ ok: true, value: null });
    expect((await inspect(ref)).offers).toContain('changePin');
  });
});

describe('reset', () => {
  test('the key that was looked at, plugged in again: erased, and seen to be fresh', async () => {
    const { key, ref } = await plugged();
    await makeAccount(ref);
    await inspect(ref);
    const again = await replugged(key);
    expect(await desk.run(desk.care.reset(again, ref, desk.ceremony()))).toEqual({
      ok: true,
      value: { recognisedBy: 'likeness', seenFresh: true },
    });
    expect(key.inspection.credentialIds).toEqual([]);
    expect(await inspect(again)).toMatchObject({ description: { pin: 'none' } });
  });

  test('helps a key whose PIN is locked, and its tries count anew', async () => {
    const { key, ref } = await plugged();
    await inspect(ref);
    const again = await replugged(key);
    for (let guess = 0; guess < 3; guess += 1) {
      await desk.run(desk.care.accounts(again, pin('000000'), desk.ceremony()));
    }
    expect(await desk.run(desk.care.reset(again, ref, desk.ceremony()))).toMatchObject({ ok: true });
    expect(await desk.run(desk.care.setPin(again, pin(NEW_PIN), desk.ceremony()))).toEqual({ ok: true, value: null });
  });

  test('another key is not erased', async () => {
    const meant = await plugged();
    await inspect(meant.ref);
    desk.usb.unplug(meant.key);
    const other = await plugged('latest');
    expect(await desk.run(desk.care.reset(other.ref, meant.ref, desk.ceremony()))).toEqual({
      ok: false,
      reason: { code: 'key.swapped' },
    });
    expect(await inspect(other.ref)).toMatchObject({ description: { pin: 'set' } });
  });

  test('a key that nobody looked at is not erased, nor one that was forgotten', async () => {
    const { key, ref } = await plugged();
    const notInspected = { reason: { code: 'key.refused', detail: { statusName: 'notInspected' } } };
    expect(await desk.run(desk.care.reset(ref, ref, desk.ceremony()))).toMatchObject(notInspected);
    await inspect(ref);
    await desk.run(desk.care.forget());
    const again = await replugged(key);
    expect(await desk.run(desk.care.reset(again, ref, desk.ceremony()))).toMatchObject(notInspected);
    expect(await inspect(again)).toMatchObject({ description: { pin: 'set' } });
  });

  test('too late is said so', async () => {
    const { key, ref } = await plugged();
    await inspect(ref);
    const again = await replugged(key);
    await desk.clock.advance(15_000);
    expect(await desk.run(desk.care.reset(again, ref, desk.ceremony()))).toMatchObject({
      reason: { code: 'key.resetTooLate', detail: { statusName: 'within10Seconds' } },
    });
  });
});

describe('who may', () => {
  const refused = { ok: false, reason: { code: 'key.refused', detail: { statusName: 'careNotGranted' } } };

  test.each([
    ['a host that grants it to nobody', { mayCare: false }],
    ['a token that is not the host’s', { careToken: 'another token of thirty-two chars' }],
  ])('nobody on %s', async (_, options) => {
    await reopen(options);
    const { key, ref } = await plugged();
    const asked: number[] = [];
    key.onEvent((event) => event.kind === 'answered' && asked.push(event.ctapCommand));
    const ceremony = () => desk.ceremony();
    const fingerprint = { templateIdB64u: 'AAAA', name: 'x' };
    const outcomes = await desk.run(
      Promise.all([
        desk.care.inspect(ref, ceremony()),
        desk.care.setPin(ref, pin(), ceremony()),
        desk.care.changePin(ref, pin(), pin(NEW_PIN), ceremony()),
        desk.care.accounts(ref, pin(), ceremony()),
        desk.care.deleteAccount(ref, 'AAAA', pin(), ceremony()),
        desk.care.fingerprints(ref, pin(), ceremony()),
        desk.care.enrollFingerprint(ref, 'x', pin(), ceremony()),
        desk.care.renameFingerprint(ref, fingerprint, pin(), ceremony()),
        desk.care.removeFingerprint(ref, 'AAAA', pin(), ceremony()),
        desk.care.configure(ref, { setting: 'longTouchReset' }, pin(), ceremony()),
        desk.care.reset(ref, ref, ceremony()),
      ]),
    );
    expect(outcomes).toEqual(outcomes.map(() => refused));
    expect(asked).toEqual([]);
    expect(await desk.run(desk.keys.describe(ref, ceremony()))).toMatchObject({ ok: true });
  });

  test('nobody any more, once the token was guessed at too often', async () => {
    const { ref } = await plugged();
    const guess = new TextEncoder().encode('a guess of at least sixteen');
    const channel = desk.host.channel('care');
    const ask = { verb: 'inspect', insertion: ref.insertion, deadlineMs: 1_000, token: guess };
    for (let id = 1_001; id < 1_006; id += 1) channel.post({ ...ask, id });
    await desk.clock.advance(100);
    expect(await desk.run(desk.care.inspect(ref, desk.ceremony()))).toMatchObject({ ok: true });
    channel.post({ ...ask, id: 1_006 });
    await desk.clock.advance(100);
    expect(await desk.run(desk.care.inspect(ref, desk.ceremony()))).toEqual(refused);
  });

  test('no care verb is a verb of the desk', async () => {
    const { ref } = await plugged();
    const token = new TextEncoder().encode('a token of thirty-two characters');
    const channel = desk.host.channel('key');
    for (const [index, verb] of ['reset', 'accounts', 'configure', 'inspect'].entries()) {
      const rest = { insertion: ref.insertion, deadlineMs: 1_000, token, pin: token, meant: ref.insertion };
      channel.post({ verb, id: 2_000 + index, ...rest });
    }
    await desk.clock.advance(100);
    const answers = desk.crossed.filter(({ towards, message }) => towards === 'desk' && JSON.stringify(message).includes(':200'));
    expect(answers.map(({ message }) => (message as { body: { type: string } }).body.type)).toEqual(
      Array.from({ length: 4 }, () => 'unreadable'),
    );
  });

  test('tokens and PINs are wiped on both sides once they crossed', async () => {
    const { ref } = await plugged();
    await desk.run(desk.care.accounts(ref, pin(), desk.ceremony()));
    const bytesIn = (value: unknown): Uint8Array[] => {
      if (value instanceof Uint8Array) return [value];
      if (typeof value !== 'object' || value === null) return [];
      return Object.values(value).flatMap(bytesIn);
    };
    const kept = bytesIn(desk.kept);
    expect(kept.length).toBe(4);
    expect(kept.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
});

test('facts reach the care port too, and a fall of the host ends what runs', async () => {
  const told: string[] = [];
  desk.care.watch(({ type }) => told.push(type));
  const { key, ref } = await plugged('fingerprint');
  expect(told).toEqual(['key.inserted']);
  key.autoTouch('never');
  const enrolling = desk.care.enrollFingerprint(ref, 'x', pin(), desk.ceremony());
  await desk.clock.advance(500);
  desk.killHost();
  expect(await desk.run(enrolling)).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
  await desk.clock.advance(2_000);
  expect(told).toEqual(['key.inserted', 'key.hostDown', 'key.removed', 'key.hostUp', 'key.inserted']);
  desk.troubles.length = 0;
});
