// Whole operations beside registration and sign-in: whose key it is, which one is touched, erasing, attesting, sensing.
import { createCipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { recognise, type KeyLikeness } from '../../main/fido/care/key-likeness.ts';
import type { OperationCall } from '../../main/fido/key/operation.ts';
import { done, refused, type KeyOutcome } from '../../main/fido/key/outcome.ts';
import { freshnessDoubts } from '../../main/fido/care/reset-key.ts';
import type { SecurityKey } from '../../main/fido/key/security-key.ts';
import type { Touchable } from '../../main/fido/care/touch-choice.ts';
import { readInfo } from '../../main/fido/ctap/get-info.ts';
import { CtapStatusError } from '../../main/fido/ctap/status.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { PIN, careScene, operationCall as call, trail } from '../support/fido-care-scene.ts';
import {
  CLIENT_PIN,
  GET_INFO,
  MAKE_CREDENTIAL,
  RESET,
  SELECTION,
  okay,
  type ScriptedAuthenticator,
} from '../support/fido-scripted-authenticator.ts';
import { pinBytes, refusalOf, valueOf } from '../support/key-client.ts';
import { selectTouched } from '../support/select-touched.ts';

const fresh = (authenticator: ScriptedAuthenticator): void => void (authenticator.pin = undefined);

describe('the same key again', () => {
  const likeness = (changes: Partial<KeyLikeness> = {}): KeyLikeness => ({
    serial: undefined,
    aaguid: new Uint8Array(16).fill(1),
    digest: new Uint8Array(32).fill(2),
    ...changes,
  });

  test.each<[string, Partial<KeyLikeness>, Partial<KeyLikeness>, string]>([
    ['all alike', {}, {}, 'likeness'],
    ['one serial', { serial: '7' }, { serial: '7' }, 'serial'],
    ['one serial, another state', { serial: '7' }, { serial: '7', digest: new Uint8Array(32) }, 'serial'],
    ['two serials', { serial: '7' }, { serial: '8' }, 'different'],
    ['a serial lost', { serial: '7' }, {}, 'different'],
    ['a serial found', {}, { serial: '7' }, 'different'],
    ['another state', {}, { digest: new Uint8Array(32) }, 'different'],
    ['another model with the same serial', { serial: '7' }, { serial: '7', aaguid: new Uint8Array(16) }, 'different'],
  ])('%s', (_name, before, now, expected) => {
    expect(recognise(likeness(before), likeness(now))).toBe(expected);
  });

  test('what changes by itself does not make it another; what was done to it does', async () => {
    const scene = careScene(({ info }) => void info.set(0x19, new Uint8Array(32)));
    const before = valueOf(await scene.key.likeness(call()));
    scene.authenticator.info.set(0x19, new Uint8Array(32).fill(7)).set(0x1e, new Uint8Array(32)).set(0x17, 3);
    expect(recognise(before, valueOf(await scene.key.likeness(call())))).toBe('likeness');
    scene.authenticator.info.set(0x14, 3);
    expect(recognise(before, valueOf(await scene.key.likeness(call())))).toBe('different');
  });

  test('firmware counts', async () => {
    const scene = careScene();
    const before = valueOf(await scene.key.likeness(call()));
    scene.authenticator.device = { ...scene.authenticator.device, version: { major: 1, minor: 0, build: 1 } };
    expect(recognise(before, valueOf(await scene.key.likeness(call())))).toBe('different');
  });

  test('a serial is read in the key’s turn, with its signal', async () => {
    const { key } = careScene();
    const given = call();
    const read = await key.likeness(given, (hidCall) => Promise.resolve(hidCall.signal === given.signal ? '4711' : 'x'));
    expect(valueOf(read).serial).toBe('4711');
  });
});

describe('an identity under encryption', () => {
  const identifier = Uint8Array.from({ length: 16 }, (_, index) => index);

  function sealedUnder(token: Uint8Array, bytes: Uint8Array, ivFill: number): Uint8Array {
    const iv = Buffer.alloc(16, ivFill);
    const key = Buffer.from(hkdfSync('sha256', token, Buffer.alloc(32), 'encIdentifier', 16));
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return Uint8Array.from([...iv, ...cipher.update(bytes), ...cipher.final()]);
  }
  /** Shows itself anew with every getInfo, once somebody has a token to see it by. */
  const identified = (authenticator: ScriptedAuthenticator): void => {
    authenticator.options['perCredMgmtRO'] = true;
    authenticator.interceptions.push(({ command }) => {
      const token = authenticator.tokens.at(-1);
      if (command === GET_INFO && token !== undefined) authenticator.info.set(0x19, sealedUnder(token, identifier, 1));
      return undefined;
    });
  };
  const shown = (encIdentifier: Uint8Array | undefined) =>
    readInfo(
      new Map<number, string[] | Uint8Array>([
        [1, ['FIDO_2_2']],
        [3, new Uint8Array(16)],
        ...(encIdentifier === undefined ? [] : ([[0x19, encIdentifier]] as const)),
      ]),
    );

  test('is known under every disguise of its own, and under no other', async () => {
    const { key, authenticator } = careScene(identified);
    const identity = valueOf(await key.identity(PIN, call()));
    expect(authenticator.permissions).toBe(0x40);
    const token = authenticator.tokens.at(-1) ?? new Uint8Array(0);
    expect(identity.isOf(shown(sealedUnder(token, identifier, 2)))).toBe(true);
    expect(identity.isOf(shown(sealedUnder(token, identifier, 3)))).toBe(true);
    expect(identity.isOf(shown(sealedUnder(token, identifier.toReversed(), 2)))).toBe(false);
    expect(identity.isOf(shown(sealedUnder(new Uint8Array(32), identifier, 2)))).toBe(false);
    expect(identity.isOf(shown(undefined))).toBe(false);
    identity.wipe();
    expect(identity.isOf(shown(sealedUnder(token, identifier, 2)))).toBe(false);
  });

  test('a key without the permission is not sent a PIN for it', async () => {
    const { key, authenticator } = careScene(({ info }) => void info.set(0x19, new Uint8Array(32)));
    expect(refusalOf(await key.identity(PIN, call()))).toEqual({ kind: 'notOffered', feature: 'identity' });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('a key that shows none all the same', async () => {
    const { key } = careScene(({ options }) => void (options['perCredMgmtRO'] = true));
    expect(refusalOf(await key.identity(PIN, call()))).toEqual({ kind: 'notOffered', feature: 'identity' });
  });
});

describe('erasing', () => {
  /** A key that really forgets. */
  const forgetting = (authenticator: ScriptedAuthenticator): void => {
    authenticator.interceptions.push(({ command }) => {
      if (command === RESET) authenticator.pin = undefined;
      return undefined;
    });
  };
  const expected = async (key: SecurityKey, readSerial?: () => Promise<string | undefined>) => ({
    likeness: valueOf(await key.likeness(call(), readSerial)),
    ...(readSerial && { readSerial }),
  });

  test('the key that is meant, and what it is afterwards', async () => {
    const { key, authenticator } = careScene(forgetting);
    const meant = await expected(key);
    authenticator.requests.length = 0;
    expect(valueOf(await key.reset(call(), meant))).toEqual({ recognisedBy: 'likeness', state: 'fresh' });
    expect(trail(authenticator.requests)).toEqual(['4', '7', '4']);
  });

  test('a serial names one key', async () => {
    const { key } = careScene(forgetting);
    const meant = await expected(key, () => Promise.resolve('4711'));
    expect(valueOf(await key.reset(call(), meant))).toMatchObject({ recognisedBy: 'serial' });
    const other = { ...meant, readSerial: () => Promise.resolve('4712') };
    expect(refusalOf(await key.reset(call(), other))).toEqual({ kind: 'anotherKey' });
    expect(refusalOf(await key.reset(call(), { likeness: meant.likeness }))).toEqual({ kind: 'anotherKey' });
  });

  test('another key is left alone', async () => {
    const { key, authenticator } = careScene(forgetting);
    const meant = await expected(key);
    authenticator.info.set(2, ['hmac-secret']);
    expect(refusalOf(await key.reset(call(), meant))).toEqual({ kind: 'anotherKey' });
    expect(authenticator.sent(RESET)).toHaveLength(0);
  });

  test('a key that may not be erased over USB is not asked', async () => {
    const { key, authenticator } = careScene(({ info }) => void info.set(0x1a, ['nfc']));
    expect(refusalOf(await key.reset(call(), await expected(key)))).toEqual({ kind: 'resetNotAllowed' });
    expect(authenticator.sent(RESET)).toHaveLength(0);
  });

  test('a key that says it is done and still has its PIN is lying', async () => {
    const { key } = careScene();
    await expect(key.reset(call())).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test.each<[string, () => never]>([
    [
      'leaves the bus',
      () => {
        throw new PacketLinkClosed();
      },
    ],
    [
      'falls silent',
      () => {
        throw new KeyNotAnswering('silent', 0x10, 3_000);
      },
    ],
    [
      'talks nonsense',
      () => {
        throw new ProtocolViolation('CTAPHID', 'nonsense');
      },
    ],
    [
      'is not ready',
      () => {
        throw new CtapStatusError(0x21, 'getInfo');
      },
    ],
  ])('a key that %s afterwards is done, but not seen', async (_name, fail) => {
    const { key, authenticator } = careScene(forgetting);
    authenticator.once(fail, GET_INFO);
    expect(valueOf(await key.reset(call()))).toEqual({ recognisedBy: undefined, state: 'notSeen' });
  });

  test('a PIN that was blocked is no longer, for it is gone', async () => {
    const { key, authenticator } = careScene(forgetting);
    for (let round = 0; round < 3; round += 1) await key.credentials.count(pinBytes('000000'), call());
    expect(refusalOf(await key.credentials.count(PIN, call()))).toMatchObject({ kind: 'replugNeeded' });
    valueOf(await key.reset(call()));
    authenticator.replug(); // the scripted key forgets its count by this
    valueOf(await key.setPin(PIN, call()));
    expect(valueOf(await key.credentials.count(PIN, call())).existing).toBe(0);
  });

  test('a channel that went with the reset is replaced once', async () => {
    const { key, authenticator } = careScene(forgetting);
    authenticator.once(() => {
      throw new CtapHidError(0x0b, 0x10);
    }, GET_INFO);
    expect(valueOf(await key.reset(call())).state).toBe('fresh');
    const stubborn = careScene(forgetting);
    stubborn.authenticator.interceptions.push(({ command }) => {
      if (command === GET_INFO) throw new CtapHidError(0x0b, 0x10);
      return undefined;
    });
    expect(valueOf(await stubborn.key.reset(call())).state).toBe('notSeen');
    expect(stubborn.authenticator.sent(GET_INFO)).toHaveLength(2);
  });

  test.each<[string, Record<string, boolean>, boolean, readonly string[]]>([
    ['out of the box', { clientPin: false, bioEnroll: false, alwaysUv: false }, false, []],
    ['with a PIN', { clientPin: true }, false, ['pinSet']],
    ['with a finger', { clientPin: false, bioEnroll: true }, false, ['fingerprintEnrolled']],
    ['with a finger, by the preview', { userVerificationMgmtPreview: true }, false, ['fingerprintEnrolled']],
    ['handed over', { clientPin: true }, true, ['pinSet', 'pinMustChange']],
    ['always asking', { alwaysUv: true }, false, ['alwaysUv']],
  ])('a key %s', (_name, options, forced, doubts) => {
    const info = readInfo(
      new Map<number, string[] | Uint8Array | boolean | Map<string, boolean>>([
        [1, ['FIDO_2_1']],
        [3, new Uint8Array(16)],
        [4, new Map(Object.entries(options))],
        [12, forced],
      ]),
    );
    expect(freshnessDoubts(info)).toEqual(doubts);
  });
});

describe('attesting before any PIN', () => {
  /** The scripted key wants a token for everything; this one makes a credential with nobody's verification. */
  const open = (authenticator: ScriptedAuthenticator): void => {
    authenticator.interceptions.push((request) =>
      request.command === MAKE_CREDENTIAL ? okay(authenticator.makeUnverified(request.parameters)) : undefined,
    );
  };

  test('a fresh key shows who made it, and no PIN byte is sent', async () => {
    const { key, authenticator } = careScene((scripted) => {
      fresh(scripted);
      open(scripted);
    });
    const attested = valueOf(await key.attest(call()));
    expect(attested.aaguid).toEqual(Uint8Array.from(authenticator.aaguid));
    expect(attested.attestation).toEqual({ ok: true, value: { kind: 'self' } });
    expect(trail(authenticator.requests)).toEqual(['4', '1']);
    const [asked] = authenticator.sent(MAKE_CREDENTIAL);
    expect([...(asked?.parameters.keys() ?? [])]).toEqual([1, 2, 3, 4]);
  });

  test('what is signed is new every time', async () => {
    const { key, authenticator } = careScene((scripted) => {
      fresh(scripted);
      open(scripted);
    });
    valueOf(await key.attest(call()));
    valueOf(await key.attest(call()));
    const [first, second] = authenticator.sent(MAKE_CREDENTIAL);
    expect(first?.parameters.get(1)).not.toEqual(second?.parameters.get(1));
  });

  test.each<[string, boolean, Record<string, boolean>, boolean]>([
    ['a PIN', true, {}, false],
    ['a PIN, but plain credentials without it', true, { makeCredUvNotRqd: true }, true],
    ['a PIN, plain credentials, and always-UV', true, { makeCredUvNotRqd: true, alwaysUv: true }, false],
    ['no PIN, but always-UV', false, { alwaysUv: true }, false],
    ['no PIN, but a finger', false, { uv: true }, false],
    ['nothing', false, { uv: false }, true],
  ])('a key with %s', async (_name, pinSet, options, possible) => {
    const { key, authenticator } = careScene((scripted) => {
      if (!pinSet) fresh(scripted);
      Object.assign(scripted.options, options);
      open(scripted);
    });
    const outcome = await key.attest(call());
    expect(outcome.ok ? 'attested' : outcome.refusal.kind).toBe(possible ? 'attested' : 'attestationNeedsPin');
    expect(authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(possible ? 1 : 0);
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('a key that wants a PIN after all', async () => {
    const { key } = careScene(fresh);
    expect(refusalOf(await key.attest(call()))).toEqual({ kind: 'attestationNeedsPin' });
  });

  test('a statement for something else is a violation', async () => {
    const { key } = careScene((scripted) => {
      fresh(scripted);
      scripted.interceptions.push(({ command, parameters }) =>
        command === MAKE_CREDENTIAL
          ? okay(scripted.makeUnverified(new Map([...parameters, [2, new Map([['id', 'elsewhere.example']])]])))
          : undefined,
      );
    });
    await expect(key.attest(call())).rejects.toThrow('rpIdHash');
  });

  test('a signature over something else is told as the failed check', async () => {
    const { key } = careScene((scripted) => {
      fresh(scripted);
      scripted.interceptions.push(({ command, parameters }) =>
        command === MAKE_CREDENTIAL
          ? okay(scripted.makeUnverified(new Map([...parameters, [1, new Uint8Array(32)]])))
          : undefined,
      );
    });
    expect(valueOf(await key.attest(call())).attestation).toMatchObject({
      ok: false,
      failure: { check: 'attestationSignature' },
    });
  });
});

describe('a touch', () => {
  test.each([['FIDO_2_1'], ['FIDO_2_2'], ['FIDO_2_3'], ['FIDO_2_10']])('by its command from %s on', async (version) => {
    const { key, authenticator } = careScene(({ info }) => void info.set(1, ['U2F_V2', 'FIDO_2_0', version]));
    valueOf(await key.select(call()));
    expect(trail(authenticator.requests)).toEqual(['4', '11']);
  });

  test.each([[['FIDO_2_0']], [['FIDO_2_0', 'FIDO_2_1_PRE']]])('by a refusal before that (%j)', async (versions) => {
    const { key, authenticator } = careScene(({ info, interceptions }) => {
      info.set(1, versions);
      interceptions.push(({ command }) => (command === MAKE_CREDENTIAL ? 0x31 : undefined));
    });
    valueOf(await key.select(call()));
    expect(authenticator.sent(SELECTION)).toHaveLength(0);
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(8)).toEqual(new Uint8Array(0));
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(9)).toBe(2);
    expect(authenticator.retries).toBe(8);
  });

  test('by a refusal where the command is missing against the version', async () => {
    const { key, authenticator } = careScene(({ interceptions }) => {
      interceptions.push(({ command }) => (command === SELECTION ? 0x01 : command === MAKE_CREDENTIAL ? 0x35 : undefined));
    });
    valueOf(await key.select(call()));
    expect(trail(authenticator.requests)).toEqual(['4', '11', '1']);
  });
});

describe('the touched one of several', () => {
  type Play = (given: OperationCall) => Promise<KeyOutcome<null>>;
  /** Waits until it is called off, as a key does that nobody touches. */
  const untouched: Play = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const touched: Play = () => Promise.resolve(done(null));
  const tired: Play = () => Promise.resolve(refused({ kind: 'touchTimeout' }));
  const gone: Play = () => Promise.reject(new PacketLinkClosed());

  class Stand implements Touchable {
    asked = 0;
    calledOff = false;
    readonly #plays: Play[];
    constructor(...plays: Play[]) {
      this.#plays = plays;
    }
    async select(given: OperationCall): Promise<KeyOutcome<null>> {
      this.asked += 1;
      given.signal.addEventListener('abort', () => (this.calledOff = true));
      given.signal.throwIfAborted();
      const play = this.#plays.length > 1 ? this.#plays.shift() : this.#plays[0];
      return (play ?? untouched)(given);
    }
  }

  test('is found, and the others are let go before it is told', async () => {
    const keys = [new Stand(untouched), new Stand(touched), new Stand(untouched)];
    const outcome = await selectTouched(keys, call());
    expect(valueOf(outcome)).toBe(keys[1]);
    expect(keys.map(({ calledOff }) => calledOff)).toEqual([true, true, true]);
  });

  test('two touches at once: the first counts', async () => {
    const keys = [new Stand(touched), new Stand(touched)];
    expect(valueOf(await selectTouched(keys, call()))).toBe(keys[0]);
  });

  test('a key that is pulled out, or lacks CTAP2, leaves the choice to the others', async () => {
    const old = new Stand(() => Promise.resolve(refused({ kind: 'noCtap2' })));
    const key = new Stand(touched);
    expect(valueOf(await selectTouched([new Stand(gone), old, key], call()))).toBe(key);
  });

  test('a key that tires of waiting is asked again', async () => {
    const key = new Stand(tired, touched);
    expect(valueOf(await selectTouched([key, new Stand(untouched)], call()))).toBe(key);
    expect(key.asked).toBe(2);
  });

  test('but not for ever', async () => {
    const keys = [new Stand(tired), new Stand(tired)];
    expect(refusalOf(await selectTouched(keys, call()))).toEqual({ kind: 'touchTimeout' });
    expect(keys.map(({ asked }) => asked)).toEqual([3, 3]);
  });

  test('all gone is an error, and so is being called off', async () => {
    await expect(selectTouched([new Stand(gone), new Stand(gone)], call())).rejects.toBeInstanceOf(PacketLinkClosed);
    const stop = new AbortController();
    const choosing = selectTouched([new Stand(untouched)], call({ signal: stop.signal }));
    stop.abort('later');
    await expect(choosing).rejects.toBe('later');
  });

  test('no keys, no touch', async () => {
    expect(refusalOf(await selectTouched([], call()))).toEqual({ kind: 'touchTimeout' });
  });

  test('real ones: the other is cancelled', async () => {
    const [left, right] = [careScene(), careScene()];
    right.authenticator.interceptions.push(({ command }) => {
      if (command !== SELECTION) return undefined;
      throw new PacketLinkClosed();
    });
    expect(valueOf(await selectTouched([right.key, left.key], call()))).toBe(left.key);
  });
});

describe('the key’s own sensor', () => {
  const sensing = (authenticator: ScriptedAuthenticator): void => void (authenticator.finger = 'right');

  test('a wrong finger, with the tries it has left; then it is locked', async () => {
    const { key, authenticator } = careScene((scripted) => void (scripted.finger = 'wrong'));
    expect(refusalOf(await key.credentials.count('sensor', call()))).toEqual({ kind: 'fingerprintWrong', retriesLeft: 2 });
    expect(refusalOf(await key.credentials.count('sensor', call()))).toEqual({ kind: 'fingerprintWrong', retriesLeft: 1 });
    expect(refusalOf(await key.credentials.count('sensor', call()))).toEqual({ kind: 'fingerprintLocked' });
    expect(refusalOf(await key.credentials.count('sensor', call()))).toEqual({ kind: 'fingerprintLocked' });
    expect(authenticator.retries).toBe(8);
  });

  test('a fresh agreement for every try', async () => {
    const { key, authenticator } = careScene((scripted) => void (scripted.finger = 'wrong'));
    await key.credentials.count('sensor', call());
    await key.credentials.count('sensor', call());
    const subs = trail(authenticator.requests).filter((step) => step === '6/2' || step === '6/6');
    expect(subs).toEqual(['6/2', '6/6', '6/2', '6/6']);
  });

  test('its tries', async () => {
    const { key, authenticator } = careScene(sensing);
    expect(valueOf(await key.sensorRetries(call()))).toBe(3);
    authenticator.once(0x3c, CLIENT_PIN, 7);
    expect(valueOf(await key.sensorRetries(call()))).toBe(0);
    authenticator.once(0x01, CLIENT_PIN, 7);
    expect(valueOf(await key.sensorRetries(call()))).toBeUndefined();
    expect(refusalOf(await careScene().key.sensorRetries(call()))).toMatchObject({ feature: 'ownVerification' });
  });

  test('a key without tokens for it refuses before anything is sent', async () => {
    const { key, authenticator } = careScene((scripted) => {
      sensing(scripted);
      delete scripted.options['pinUvAuthToken'];
    });
    expect(refusalOf(await key.credentials.count('sensor', call()))).toEqual({
      kind: 'notOffered',
      feature: 'ownVerification',
    });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('a PIN that must be changed does not stand in its way', async () => {
    const { key } = careScene((scripted) => {
      sensing(scripted);
      scripted.forcePinChange = true;
    });
    expect(valueOf(await key.credentials.count('sensor', call())).existing).toBe(0);
  });

  test('keys that give no PIN the right to make credentials still take it for the rest', async () => {
    const { key } = careScene(({ options }) => void (options['noMcGaPermissionsWithClientPin'] = true));
    expect(valueOf(await key.credentials.count(PIN, call())).existing).toBe(0);
  });
});
