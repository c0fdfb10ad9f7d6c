// Every verb of the key host against every kind of key, from the desk's port down to the reports of a virtual key.
import { createHash } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReasonCode } from '../../contract/reason.ts';
import type { KeyProgress, KeyRef, MadeCredential } from '../../main/ports/key.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { TRAINING_KEYS, TRAINING_PIN, type TrainingKeyName } from '../../main/simulator/key/training-keys.ts';
import { creationOptions, openKeyHostDesk, RP_ID, type KeyHostDesk } from '../support/key-host-desk.ts';

const NEW_PIN = '314159';
const NAMES = Object.keys(TRAINING_KEYS) as TrainingKeyName[];

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

async function plugged(name: TrainingKeyName) {
  const key = await desk.makeKey(TRAINING_KEYS[name]);
  key.autoTouch(200);
  return { key, ref: await desk.plug(key) };
}

const describeKey = (ref: KeyRef) => desk.run(desk.keys.describe(ref, desk.ceremony()));
const setPin = (ref: KeyRef, pin = NEW_PIN) => desk.run(desk.keys.setPin(ref, desk.secret(pin), desk.ceremony()));
const changePin = (ref: KeyRef, oldPin: string, newPin = NEW_PIN) =>
  desk.run(desk.keys.changePin(ref, desk.secret(oldPin), desk.secret(newPin), desk.ceremony()));
const make = (ref: KeyRef, pin: string, options = creationOptions()) =>
  desk.run(desk.keys.makeCredential(ref, options, desk.secret(pin), desk.ceremony()));
const prove = (ref: KeyRef, made: MadeCredential, pin: string) =>
  desk.run(desk.keys.prove(ref, made, desk.secret(pin), desk.ceremony()));

function codeOf(outcome: Outcome<unknown>): ReasonCode | 'ok' {
  return outcome.ok ? 'ok' : outcome.reason.code;
}

describe('looking at a key', () => {
  const expected: Readonly<Record<TrainingKeyName, { pin: string; unusable: ReasonCode | null; left: number | null }>> = {
    modern: { pin: 'none', unusable: null, left: null },
    ctap20: { pin: 'none', unusable: null, left: null },
    u2fOnly: { pin: 'unsupported', unusable: 'key.tooOld', left: null },
    noHmacSecret: { pin: 'none', unusable: 'key.noHmacSecret', left: null },
    minPin6: { pin: 'none', unusable: null, left: null },
    pinSet: { pin: 'set', unusable: null, left: 8 },
    shared: { pin: 'set', unusable: null, left: 8 },
    needsPinChange: { pin: 'mustChange', unusable: null, left: 8 },
    pinBlockedUntilReplug: { pin: 'set', unusable: 'key.pinReplug', left: 5 },
    lastPinTry: { pin: 'set', unusable: null, left: 1 },
    lockedPin: { pin: 'set', unusable: 'key.pinLocked', left: 0 },
    full: { pin: 'none', unusable: 'key.full', left: null },
  };

  test.each(NAMES)('%s', async (name) => {
    const { model } = TRAINING_KEYS[name];
    const { ref } = await plugged(name);
    const described = await describeKey(ref);
    if (!described.ok) throw new Error(described.reason.code);
    const { pin, unusable, left } = expected[name];
    expect(described.value).toMatchObject({
      model: model.product,
      plug: model.plug,
      firmware: `${model.firmware.major}.${model.firmware.minor}.${model.firmware.build}`,
      pin,
      tries: left === null ? null : { left, of: 8 },
      minPinLength: model.ctap2?.minPinLength ?? 4,
      maxPinLength: 63,
    });
    expect(described.value.unusable?.code ?? null).toBe(unusable);
    expect(described.value.aaguid === null).toBe(model.ctap2 === undefined);
  });

  test('a replug makes a key that was blocked usable again', async () => {
    const { key, ref } = await plugged('pinBlockedUntilReplug');
    expect(await describeKey(ref)).toMatchObject({ value: { unusable: { code: 'key.pinReplug' } } });
    desk.usb.unplug(key);
    const again = await desk.plug(key);
    expect(again.insertion).not.toBe(ref.insertion);
    expect(await describeKey(again)).toMatchObject({ value: { unusable: null, tries: { left: 5 } } });
    expect(codeOf(await describeKey(ref))).toBe('key.removed');
  });
});

describe('setPin', () => {
  test.each(['modern', 'ctap20', 'noHmacSecret', 'minPin6', 'full'] as const)('%s takes its first PIN', async (name) => {
    const { key, ref } = await plugged(name);
    expect(codeOf(await setPin(ref))).toBe('ok');
    expect(key.inspection.isPinSet).toBe(true);
    expect(await describeKey(ref)).toMatchObject({ value: { pin: 'set', tries: { left: 8, of: 8 } } });
  });

  test.each(['pinSet', 'needsPinChange', 'pinBlockedUntilReplug', 'lastPinTry', 'lockedPin'] as const)(
    '%s has one already, and loses no try over it',
    async (name) => {
      const { key, ref } = await plugged(name);
      const retriesBefore = key.inspection.pinRetriesLeft;
      const outcome = await setPin(ref);
      expect(outcome).toMatchObject({ reason: { code: 'key.refused', detail: { statusName: 'pinAlreadySet' } } });
      expect(key.inspection.pinRetriesLeft).toBe(retriesBefore);
    },
  );

  test('u2fOnly takes none', async () => {
    const { ref } = await plugged('u2fOnly');
    expect(codeOf(await setPin(ref))).toBe('key.tooOld');
  });

  test('a PIN shorter than the key wants is refused with the length it wants', async () => {
    const { key, ref } = await plugged('minPin6');
    expect(await setPin(ref, '31415')).toMatchObject({ reason: { code: 'key.pinRefused', detail: { minPinLength: 6 } } });
    expect(key.inspection.isPinSet).toBe(false);
  });
});

describe('changePin', () => {
  const expected: Readonly<Record<TrainingKeyName, ReasonCode | 'ok'>> = {
    modern: 'key.refused',
    ctap20: 'key.refused',
    u2fOnly: 'key.tooOld',
    noHmacSecret: 'key.refused',
    minPin6: 'key.refused',
    pinSet: 'ok',
    shared: 'ok',
    needsPinChange: 'ok',
    pinBlockedUntilReplug: 'key.pinReplug',
    lastPinTry: 'ok',
    lockedPin: 'key.pinLocked',
    full: 'key.refused',
  };

  test.each(NAMES)('%s', async (name) => {
    const { ref } = await plugged(name);
    expect(codeOf(await changePin(ref, TRAINING_PIN))).toBe(expected[name]);
  });

  test.each(['pinSet', 'needsPinChange', 'lastPinTry'] as const)('%s works with its new PIN', async (name) => {
    const { ref } = await plugged(name);
    await changePin(ref, TRAINING_PIN);
    expect(await describeKey(ref)).toMatchObject({ value: { pin: 'set', tries: { left: 8 } } });
    expect(codeOf(await make(ref, NEW_PIN))).toBe('ok');
  });

  test('a wrong old PIN costs one try and changes nothing', async () => {
    const { ref } = await plugged('pinSet');
    expect(await changePin(ref, '000000')).toMatchObject({ reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } } });
    expect(codeOf(await changePin(ref, TRAINING_PIN))).toBe('ok');
  });
});

describe('makeCredential and prove', () => {
  const expected: Readonly<Record<TrainingKeyName, ReasonCode | 'ok'>> = {
    modern: 'key.refused',
    ctap20: 'key.refused',
    u2fOnly: 'key.tooOld',
    noHmacSecret: 'key.refused',
    minPin6: 'key.refused',
    pinSet: 'ok',
    shared: 'ok',
    needsPinChange: 'key.pinMustChange',
    pinBlockedUntilReplug: 'key.pinReplug',
    lastPinTry: 'ok',
    lockedPin: 'key.pinLocked',
    full: 'key.full',
  };

  test.each(NAMES)('%s as it comes', async (name) => {
    const { key, ref } = await plugged(name);
    const before = key.inspection.credentialIds.length;
    expect(codeOf(await make(ref, TRAINING_PIN))).toBe(expected[name]);
    expect(key.inspection.credentialIds.length).toBe(before + (expected[name] === 'ok' ? 1 : 0));
  });

  test.each(['modern', 'ctap20', 'noHmacSecret', 'minPin6'] as const)('%s once it has a PIN', async (name) => {
    const { key, ref } = await plugged(name);
    expect(codeOf(await setPin(ref))).toBe('ok');
    const options = creationOptions({ credentialProtection: null });
    const made = await make(ref, NEW_PIN, options);
    if (!made.ok) throw new Error(made.reason.code);
    const [credentialId] = key.inspection.credentialIds;
    expect(Buffer.from(made.value.credentialIdB64u, 'base64url')).toEqual(Buffer.from(credentialId ?? []));
    await judgeRegistration(made.value, options.challengeB64u);
    const proof = await prove(ref, made.value, NEW_PIN);
    expect(proof).toMatchObject({ ok: true, value: { credentialIdB64u: made.value.credentialIdB64u } });
    // A second proof counts on from the first.
    const again = await prove(ref, made.value, NEW_PIN);
    if (!proof.ok || !again.ok) throw new Error('no proof');
    expect(again.value.signCount).toBeGreaterThan(proof.value.signCount);
  });

  test('a protection the key lacks is refused when it is enforced', async () => {
    const { ref } = await plugged('ctap20');
    await setPin(ref);
    const outcome = await make(ref, NEW_PIN, creationOptions({ credentialProtection: { level: 2, enforced: true } }));
    expect(outcome).toMatchObject({ reason: { code: 'key.refused', detail: { statusName: 'noCredProtect' } } });
  });

  test('the outputs of the extensions keep their CTAP names', async () => {
    const { ref } = await plugged('pinSet');
    const made = await make(ref, TRAINING_PIN, creationOptions({ credentialProtection: { level: 1, enforced: true } }));
    expect(made).toMatchObject({ value: { clientExtensionResults: { 'hmac-secret': true, credProtect: 1 } } });
  });

  test('the client data is what a browser at the relying party would have written', async () => {
    const { ref } = await plugged('pinSet');
    const made = await make(ref, TRAINING_PIN);
    if (!made.ok) throw new Error(made.reason.code);
    const text = Buffer.from(made.value.clientDataJsonB64u, 'base64url').toString();
    expect(text).toBe(
      `{"type":"webauthn.create","challenge":"${creationOptions().challengeB64u}","origin":"https://${RP_ID}","crossOrigin":false}`,
    );
  });

  test('a key that holds one of the excluded credentials says so', async () => {
    const { key, ref } = await plugged('pinSet');
    const first = await make(ref, TRAINING_PIN);
    if (!first.ok) throw new Error(first.reason.code);
    // More ids than the key takes at once, with the one it knows at the end.
    const strangers = Array.from({ length: 30 }, (_, index) => createHash('sha512').update(`${index}`).digest('base64url'));
    const excludeCredentialIdsB64u = [...strangers, first.value.credentialIdB64u];
    expect(codeOf(await make(ref, TRAINING_PIN, creationOptions({ excludeCredentialIdsB64u })))).toBe('key.alreadyRegistered');
    expect(key.inspection.credentialIds.length).toBe(1);
  });

  test('only algorithms the key does not know: refused before the PIN is sent', async () => {
    const { key, ref } = await plugged('pinSet');
    expect(codeOf(await make(ref, '000000', creationOptions({ algorithms: [-257] })))).toBe('key.noAlgorithm');
    expect(key.inspection.pinRetriesLeft).toBe(8);
  });

  test('progress is told once for each change, from working to touched', async () => {
    const { ref } = await plugged('pinSet');
    const told: KeyProgress[] = [];
    const onProgress = (progress: KeyProgress) => told.push(progress);
    await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony({ onProgress })));
    expect(told.filter((progress) => progress === 'touchNeeded')).toEqual(['touchNeeded']);
  });

  test('two accounts on one key: the proof is of the one just made', async () => {
    const { ref } = await plugged('pinSet');
    const first = await make(ref, TRAINING_PIN);
    const second = await make(
      ref,
      TRAINING_PIN,
      creationOptions({ user: { idB64u: 'c2Vjb25k', name: 'second', displayName: 'Second' } }),
    );
    if (!first.ok || !second.ok) throw new Error('not made');
    expect(await prove(ref, second.value, TRAINING_PIN)).toMatchObject({ ok: true });
    expect(await prove(ref, first.value, TRAINING_PIN)).toMatchObject({ ok: true });
  });

  test('proof after a replug: the same key is taken, another one is not', async () => {
    const { key, ref } = await plugged('pinSet');
    const made = await make(ref, TRAINING_PIN);
    if (!made.ok) throw new Error(made.reason.code);
    desk.usb.unplug(key);
    const twin = await plugged('pinSet');
    expect(codeOf(await prove(twin.ref, made.value, TRAINING_PIN))).toBe('key.swapped');
    const stranger = await plugged('modern');
    await setPin(stranger.ref);
    expect(codeOf(await prove(stranger.ref, made.value, TRAINING_PIN))).toBe('key.swapped');
    expect(stranger.key.inspection.pinRetriesLeft).toBe(8);
    const older = await plugged('ctap20');
    expect(codeOf(await prove(older.ref, made.value, TRAINING_PIN))).toBe('key.swapped');
    expect(older.key.inspection.pinRetriesLeft).toBe(8);
    expect(await prove(await desk.plug(key), made.value, TRAINING_PIN)).toMatchObject({ ok: true });
  });
});

/** An independent judge of what we would send to the directory. */
async function judgeRegistration(made: MadeCredential, challengeB64u: string): Promise<void> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      id: made.credentialIdB64u,
      rawId: made.credentialIdB64u,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: made.clientDataJsonB64u, attestationObject: made.attestationObjectB64u },
    },
    expectedChallenge: challengeB64u,
    expectedOrigin: `https://${RP_ID}`,
    expectedRPID: RP_ID,
    requireUserVerification: true,
  });
  expect(verified).toBe(true);
  expect(registrationInfo?.aaguid).toBe(made.aaguid);
  expect(registrationInfo?.fmt).toBe(made.attestationFormat);
}
