import { describe, expect, test } from 'vitest';
import type { MinPinLengthParameters } from '../../main/fido/ctap/authenticator-config.ts';
import { PIN, careScene, operationCall as call } from '../support/fido-care-scene.ts';
import {
  AUTHENTICATOR_CONFIG as CONFIG,
  CLIENT_PIN,
  type ScriptedAuthenticator,
} from '../support/fido-scripted-authenticator.ts';
import { pinBytes, refusalOf, valueOf } from '../support/key-client.ts';

type Scene = ReturnType<typeof careScene>;

const everySetting: readonly (readonly [string, (scene: Scene) => Promise<unknown>])[] = [
  ['the least PIN length', ({ key }) => key.settings.setMinPinLength({ newMinPinLength: 6 }, PIN, call())],
  ['always-UV', ({ key }) => key.settings.setAlwaysUv(true, PIN, call())],
  ['enterprise attestation', ({ key }) => key.settings.enableEnterpriseAttestation(PIN, call())],
  ['long touch for reset', ({ key }) => key.settings.enableLongTouchForReset(PIN, call())],
];
const withLongTouch = ({ info }: ScriptedAuthenticator): void => void info.set(24, false);

describe.each(everySetting)('%s', (_name, change) => {
  test('is set with the right to configure, and read back', async () => {
    const scene = careScene(withLongTouch);
    expect(await change(scene)).toMatchObject({ ok: true });
    expect(scene.authenticator.sent(CLIENT_PIN, 9).map(({ parameters }) => parameters.get(9))).toEqual([0x20]);
    expect(scene.authenticator.sent(CONFIG)).toHaveLength(1);
    expect(scene.authenticator.requests.at(-1)?.command).toBe(4);
  });

  test('a key that says yes and does nothing is found out', async () => {
    const scene = careScene(withLongTouch);
    scene.authenticator.interceptions.push(({ command }) => (command === CONFIG ? Uint8Array.of(0) : undefined));
    expect(await change(scene)).toEqual({ ok: false, refusal: { kind: 'settingNotTaken' } });
  });

  test('a key without the command is sent neither PIN nor command', async () => {
    const scene = careScene((authenticator) => {
      withLongTouch(authenticator);
      delete authenticator.options['authnrCfg'];
    });
    expect(await change(scene)).toMatchObject({ ok: false, refusal: { kind: 'notOffered' } });
    expect([scene.authenticator.sent(CLIENT_PIN).length, scene.authenticator.sent(CONFIG).length]).toEqual([0, 0]);
  });

  test('a key that lists other sub-commands means it', async () => {
    const scene = careScene((authenticator) => {
      withLongTouch(authenticator);
      authenticator.info.set(31, [255]);
    });
    expect(await change(scene)).toMatchObject({ ok: false, refusal: { kind: 'notOffered' } });
    expect(scene.authenticator.sent(CONFIG)).toHaveLength(0);
  });

  test('without a PIN on the key there is nothing to configure it by', async () => {
    const scene = careScene((authenticator) => {
      withLongTouch(authenticator);
      authenticator.pin = undefined;
    });
    expect(await change(scene)).toEqual({ ok: false, refusal: { kind: 'pinNotSet' } });
  });
});

describe('the least PIN length', () => {
  const set = async (scene: Scene, wanted: MinPinLengthParameters) => scene.key.settings.setMinPinLength(wanted, PIN, call());

  test('only what was asked for is sent', async () => {
    const scene = careScene();
    valueOf(await set(scene, { newMinPinLength: 6 }));
    valueOf(await set(scene, { rpIds: ['a.example', 'b.example'] }));
    valueOf(await set(scene, { rpIds: [] }));
    expect(scene.authenticator.sent(CONFIG).map(({ parameters }) => parameters.get(2))).toEqual([
      new Map([[1, 6]]),
      new Map([[2, ['a.example', 'b.example']]]),
      new Map([[2, []]]),
    ]);
    expect(scene.care.minPinLengthRpIds).toEqual([]);
  });

  test('a forced change: afterwards no PIN is sent before it was changed', async () => {
    const scene = careScene();
    expect(valueOf(await set(scene, { forceChangePin: true })).forcePinChange).toBe(true);
    expect(refusalOf(await set(scene, { newMinPinLength: 8 }))).toEqual({ kind: 'pinMustChange' });
    expect(scene.authenticator.sent(CLIENT_PIN, 9)).toHaveLength(1);
    valueOf(await scene.key.changePin({ oldPin: PIN, newPin: pinBytes('13579135') }, call()));
    const again = await scene.key.settings.setMinPinLength({ newMinPinLength: 8 }, pinBytes('13579135'), call());
    expect(valueOf(again)).toMatchObject({ minPinLength: 8, forcePinChange: false });
  });

  test('a PIN shorter than the new length must be changed', async () => {
    const scene = careScene();
    expect(valueOf(await set(scene, { newMinPinLength: 10 })).forcePinChange).toBe(true);
  });

  test('never shorter: known before a PIN is sent', async () => {
    const scene = careScene(({ info }) => void info.set(13, 6));
    expect(refusalOf(await set(scene, { newMinPinLength: 5 }))).toEqual({ kind: 'minPinLengthTooLow', minPinLength: 6 });
    expect(scene.authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('never shorter: by the key’s word', async () => {
    const scene = careScene();
    scene.authenticator.once(0x37, CONFIG);
    expect(refusalOf(await set(scene, { newMinPinLength: 5 }))).toEqual({ kind: 'minPinLengthTooLow', minPinLength: 4 });
  });

  test('no more relying parties than the key has room for', async () => {
    const scene = careScene();
    expect(refusalOf(await set(scene, { rpIds: ['a', 'b', 'c'] }))).toEqual({ kind: 'tooManyRpIds', max: 2 });
    const none = careScene(({ info }) => void info.delete(16));
    expect(refusalOf(await set(none, { rpIds: ['a'] }))).toEqual({ kind: 'tooManyRpIds', max: 0 });
  });

  test('complexity only where the key knows it', async () => {
    expect(refusalOf(await set(careScene(), { pinComplexityPolicy: true }))).toEqual({
      kind: 'notOffered',
      feature: 'pinComplexityPolicy',
    });
    const scene = careScene(({ info }) => void info.set(27, false));
    expect(valueOf(await set(scene, { pinComplexityPolicy: true })).pinComplexityPolicy).toBe(true);
  });
});

describe('always-UV', () => {
  test('is a switch, not a toggle: nothing is sent when it is so already', async () => {
    const scene = careScene();
    valueOf(await scene.key.settings.setAlwaysUv(true, PIN, call()));
    valueOf(await scene.key.settings.setAlwaysUv(true, PIN, call()));
    expect(scene.authenticator.sent(CONFIG)).toHaveLength(1);
    expect(valueOf(await scene.key.settings.setAlwaysUv(false, PIN, call())).options.get('alwaysUv')).toBe(false);
    expect(valueOf(await scene.key.settings.setAlwaysUv(false, PIN, call())).options.get('alwaysUv')).toBe(false);
    expect(scene.authenticator.sent(CONFIG)).toHaveLength(2);
  });

  test('a key that lets it be switched on only', async () => {
    const scene = careScene(({ options }) => void (options['alwaysUv'] = true));
    scene.authenticator.once(0x27, CONFIG);
    const outcome = await scene.key.settings.setAlwaysUv(false, PIN, call());
    expect(refusalOf(outcome)).toEqual({ kind: 'notOffered', feature: 'alwaysUv' });
  });

  test('a key that does not know it', async () => {
    const scene = careScene(({ options }) => void delete options['alwaysUv']);
    expect(refusalOf(await scene.key.settings.setAlwaysUv(false, PIN, call()))).toMatchObject({ feature: 'alwaysUv' });
  });
});

test('what is on already is not switched on', async () => {
  const scene = careScene(({ options, info }) => {
    options['ep'] = true;
    info.set(24, true);
  });
  valueOf(await scene.key.settings.enableEnterpriseAttestation(PIN, call()));
  valueOf(await scene.key.settings.enableLongTouchForReset(PIN, call()));
  expect([scene.authenticator.sent(CLIENT_PIN).length, scene.authenticator.sent(CONFIG).length]).toEqual([0, 0]);
});

test('long touch only where the key shows that it knows it', async () => {
  const scene = careScene();
  expect(refusalOf(await scene.key.settings.enableLongTouchForReset(PIN, call()))).toEqual({
    kind: 'notOffered',
    feature: 'longTouchForReset',
  });
});

describe('before the key has a PIN', () => {
  const withoutPin = (authenticator: ScriptedAuthenticator): void => void (authenticator.pin = undefined);

  test('settings go without a token where the key takes that', async () => {
    const scene = careScene(withoutPin);
    scene.authenticator.interceptions.push(({ command }) => {
      if (command !== CONFIG) return undefined;
      scene.authenticator.info.set(13, 6);
      return Uint8Array.of(0);
    });
    expect(valueOf(await scene.key.settings.setMinPinLength({ newMinPinLength: 6 }, null, call())).minPinLength).toBe(6);
    expect([...(scene.authenticator.sent(CONFIG)[0]?.parameters.keys() ?? [])]).toEqual([1, 2]);
    expect(scene.authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('a key that wants a PIN first says so', async () => {
    const scene = careScene(withoutPin);
    expect(refusalOf(await scene.key.settings.setAlwaysUv(true, null, call()))).toEqual({ kind: 'pinNotSet' });
  });

  test('a key that has a PIN is not to be set without it', async () => {
    const scene = careScene();
    await expect(scene.key.settings.setAlwaysUv(true, null, call())).rejects.toMatchObject({ status: 0x36 });
  });
});
