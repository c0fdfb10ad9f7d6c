import { describe, expect, test } from 'vitest';
import type { SampleAnswer } from '../../main/fido/ctap/bio-enrollment.ts';
import { CtapHidError } from '../../main/fido/hid/errors.ts';
import { PIN, careScene, operationCall as call, trail } from '../support/fido-care-scene.ts';
import {
  BIO_ENROLLMENT as STANDARD,
  BIO_ENROLLMENT_PREVIEW as PREVIEW,
  CLIENT_PIN,
  okay,
  type ScriptedAuthenticator,
} from '../support/fido-scripted-authenticator.ts';
import { refusalOf, valueOf } from '../support/key-client.ts';

const POOR = 7;
const IDLE = 13;
const CANCEL = 3;
const bioSubs = ({ requests }: ScriptedAuthenticator): readonly string[] =>
  trail(requests).filter((step) => step.startsWith(`${STANDARD}/`));

describe('enrolling', () => {
  test('touch by touch, each one told, and named at the end', async () => {
    const { key, care, authenticator } = careScene();
    care.touches.push(0, POOR, 1, 0);
    const samples: SampleAnswer[] = [];
    const enrolled = valueOf(
      await key.fingerprints.enrol('left thumb', PIN, {
        ...call(),
        onSample: (sample: SampleAnswer) => void samples.push(sample),
      }),
    );
    expect(enrolled).toEqual({ templateId: Uint8Array.of(1, 7), name: 'left thumb' });
    expect(care.fingers).toEqual([{ id: Uint8Array.of(1, 7), name: 'left thumb' }]);
    expect(samples).toEqual([
      { status: 'good', remainingSamples: 2 },
      { status: 'poorQuality', remainingSamples: 2 },
      { status: 'tooHigh', remainingSamples: 2 },
      { status: 'good', remainingSamples: 1 },
      { status: 'good', remainingSamples: 0 },
    ]);
    expect(bioSubs(authenticator)).toEqual(['9/1', '9/2', '9/2', '9/2', '9/2', '9/7', '9/5']);
    expect(authenticator.sent(CLIENT_PIN, 9).map(({ parameters }) => parameters.get(9))).toEqual([8]);
    expect(care.cancelled).toBe(0);
  });

  test('a capture is never sent twice by itself', async () => {
    const { key, authenticator } = careScene();
    valueOf(await key.fingerprints.enrol(undefined, PIN, call()));
    const captures = authenticator.sent(STANDARD).filter(({ parameters }) => (parameters.get(2) as number) <= 2);
    expect(captures.map(({ call: { resend } }) => resend)).toEqual([false, false, false]);
  });

  test('a name is cut between characters to what the key takes', async () => {
    const { key } = careScene();
    expect(valueOf(await key.fingerprints.enrol('ééééééé', PIN, call())).name).toBe('ééééé');
  });

  test('a key that does not describe its sensor gets names of at most 64 bytes', async () => {
    const { key, care, authenticator } = careScene();
    authenticator.interceptions.push(({ command, parameters }) =>
      command === STANDARD && parameters.get(2) === 7 ? 0x3e : undefined,
    );
    expect(valueOf(await key.fingerprints.enrol('x'.repeat(65), PIN, call())).name).toBe('x'.repeat(64));
    expect(care.fingers[0]?.name).toBe('x'.repeat(64));
  });

  test('a name that the key will not take leaves the finger without one', async () => {
    const { key, care, authenticator } = careScene();
    authenticator.interceptions.push(({ command, parameters }) =>
      command === STANDARD && parameters.get(2) === 5 ? 0x03 : undefined,
    );
    expect(valueOf(await key.fingerprints.enrol('x', PIN, call())).name).toBeUndefined();
    expect(care.fingers).toHaveLength(1);
  });

  test('no touch, three times in a row: the person has gone, the key forgets', async () => {
    const { key, care } = careScene();
    care.touches.push(0, IDLE, IDLE, POOR, IDLE, IDLE, IDLE);
    expect(refusalOf(await key.fingerprints.enrol('x', PIN, call()))).toEqual({ kind: 'touchTimeout' });
    expect([care.cancelled, care.fingers.length]).toEqual([1, 0]);
  });

  test.each<[number, object]>([
    [0x2f, { kind: 'touchTimeout' }],
    [0x17, { kind: 'fingerprintsFull' }],
    [0x40, { kind: 'fingerprintNeeded' }],
  ])('status %i in the middle of it', async (status, refusal) => {
    const { key, care, authenticator } = careScene();
    authenticator.interceptions.push(({ command, parameters }) =>
      command === STANDARD && parameters.get(2) === 2 ? status : undefined,
    );
    expect(refusalOf(await key.fingerprints.enrol('x', PIN, call()))).toEqual(refusal);
    expect([care.cancelled, care.fingers.length]).toEqual([1, 0]);
  });

  test('a key that never has enough is left', async () => {
    const { key, care, authenticator } = careScene();
    care.touches.push(...Array.from({ length: 500 }, () => POOR));
    await expect(key.fingerprints.enrol('x', PIN, call())).rejects.toThrow('100 samples and no end');
    expect(authenticator.sent(STANDARD).length).toBe(101);
    expect(care.cancelled).toBe(1);
  });

  test('when the caller stops, the key is told to forget, on a signal of its own', async () => {
    const { key, care, authenticator } = careScene();
    const stop = new AbortController();
    authenticator.interceptions.push(({ command, parameters, call: given }) => {
      if (command !== STANDARD) return undefined;
      if (parameters.get(2) === 2) stop.abort('enough');
      given.signal.throwIfAborted();
      return undefined;
    });
    await expect(key.fingerprints.enrol('x', PIN, call({ signal: stop.signal }))).rejects.toBe('enough');
    expect([care.cancelled, care.fingers.length]).toEqual([1, 0]);
  });

  test('a key that fails to forget, or takes for ever over it, changes nothing about the story', async () => {
    const { key, authenticator } = careScene();
    authenticator.interceptions.push(({ command, parameters, call: given }) => {
      if (command !== STANDARD) return undefined;
      if (parameters.get(2) === 2) return 0x2f;
      if (parameters.get(2) !== CANCEL) return undefined;
      for (let count = 0; count < 1_000 && !given.signal.aborted; count += 1) given.onKeepalive?.(1);
      expect(given.signal.aborted).toBe(true);
      throw new CtapHidError(0x06, 0x10);
    });
    expect(refusalOf(await key.fingerprints.enrol('x', PIN, call()))).toEqual({ kind: 'touchTimeout' });
  });
});

describe('the rest', () => {
  test('listing, naming, removing', async () => {
    const { key, care } = careScene();
    expect(valueOf(await key.fingerprints.list(PIN, call()))).toEqual([]);
    const { templateId } = valueOf(await key.fingerprints.enrol(undefined, PIN, call()));
    expect(valueOf(await key.fingerprints.list(PIN, call()))).toEqual([{ templateId, name: undefined }]);
    valueOf(await key.fingerprints.rename({ templateId, name: 'right' }, PIN, call()));
    expect(valueOf(await key.fingerprints.list(PIN, call()))).toEqual([{ templateId, name: 'right' }]);
    valueOf(await key.fingerprints.remove(templateId, PIN, call()));
    expect(care.fingers).toEqual([]);
  });

  test('an unknown fingerprint', async () => {
    const { key } = careScene();
    const templateId = Uint8Array.of(9);
    expect(refusalOf(await key.fingerprints.remove(templateId, PIN, call()))).toEqual({ kind: 'noFingerprint' });
    expect(refusalOf(await key.fingerprints.rename({ templateId, name: 'x' }, PIN, call()))).toEqual({ kind: 'noFingerprint' });
  });

  test('keys that say "none" by another status', async () => {
    const { key, authenticator } = careScene();
    authenticator.interceptions.push(({ command }) => (command === STANDARD ? 0x2e : undefined));
    expect(valueOf(await key.fingerprints.list(PIN, call()))).toEqual([]);
  });

  test('the sensor is described without a PIN', async () => {
    const { key, authenticator } = careScene();
    expect(valueOf(await key.fingerprints.sensor(call()))).toEqual({ kind: 'touch', maxSamples: 3, maxNameBytes: 10 });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test.each<[string, Record<string, unknown>, readonly string[], number | undefined]>([
    ['nothing', { rk: true }, ['FIDO_2_1'], undefined],
    ['a sensor, no finger yet', { bioEnroll: false }, ['FIDO_2_1'], STANDARD],
    ['a sensor and a finger', { bioEnroll: true }, ['FIDO_2_1'], STANDARD],
    ['the preview', { userVerificationMgmtPreview: false }, ['FIDO_2_0', 'FIDO_2_1_PRE'], PREVIEW],
    ['the preview without its version', { userVerificationMgmtPreview: true }, ['FIDO_2_0'], undefined],
    ['both', { bioEnroll: true, userVerificationMgmtPreview: true }, ['FIDO_2_1_PRE', 'FIDO_2_1'], STANDARD],
  ])('a key with %s', async (_name, options, versions, command) => {
    const { key, authenticator } = careScene((scripted) => {
      scripted.options = options;
      scripted.info.set(1, versions);
    });
    const outcome = await key.fingerprints.list(PIN, call());
    const used = [STANDARD, PREVIEW].find((number) => authenticator.sent(number).length > 0);
    expect(used).toBe(command);
    expect(outcome.ok || outcome.refusal).toEqual(command === undefined ? { kind: 'notOffered', feature: 'fingerprints' } : true);
  });

  test('by a finger that is enrolled already, only where the key allows that', async () => {
    const { key, authenticator } = careScene((scripted) => void (scripted.finger = 'right'));
    expect(refusalOf(await key.fingerprints.list('sensor', call()))).toEqual({
      kind: 'notOffered',
      feature: 'ownVerification',
    });
    authenticator.options['uvBioEnroll'] = true;
    expect(valueOf(await key.fingerprints.list('sensor', call()))).toEqual([]);
  });

  test('a sample that is no sample', async () => {
    const { key, care, authenticator } = careScene();
    authenticator.once(okay(new Map([[5, 0]])), STANDARD, 2);
    await expect(key.fingerprints.enrol('x', PIN, call())).rejects.toThrow('0x06');
    expect(care.cancelled).toBe(1);
  });
});
