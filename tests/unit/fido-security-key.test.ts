import { describe, expect, test } from 'vitest';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';
import type { KeyOutcome } from '../../main/fido/key/outcome.ts';
import type { OperationCall, OperationProgress } from '../../main/fido/key/operation.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import { CtapHidError } from '../../main/fido/hid/errors.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { verifyAssertion } from '../../main/fido/webauthn/verify-assertion.ts';
import { checkCreatedCredential } from '../../main/fido/webauthn/created-credential.ts';
import { encodeClientData, hashClientData } from '../../main/fido/webauthn/client-data.ts';
import {
  CLIENT_PIN,
  GET_ASSERTION,
  GET_INFO,
  GET_NEXT_ASSERTION,
  MAKE_CREDENTIAL,
  RESET,
  SELECTION,
  ScriptedAuthenticator,
  okay,
  type Parameters,
} from '../support/fido-scripted-authenticator.ts';
import type { Surroundings } from '../../main/fido/surroundings.ts';
import { refusalOf } from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const RETRIES = 1;
const AGREEMENT = 2;
const SET_PIN = 3;
const CHANGE_PIN = 4;
const TOKEN_20 = 5;
const TOKEN_PERMISSIONS = 9;

const RP_ID = 'login.microsoft.com';
const pin = (text: string): Uint8Array => new TextEncoder().encode(text);
const call = (changes: Partial<OperationCall> = {}): OperationCall => ({ signal: new AbortController().signal, ...changes });
const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  clientDataHash: new Uint8Array(32).fill(0xcd),
  rp: { id: RP_ID, name: 'Microsoft' },
  user: { id: new Uint8Array(51).fill(1), name: 'lina.berg@kiosk-demo.example', displayName: 'Lina Berg' },
  algorithms: [-7, -257],
  excludeCredentialIds: [],
  hmacSecret: true,
  credProtect: { level: 1, enforced: true },
  ...changes,
});

const surroundingsOf = (seed: string): Surroundings => ({ clock: new ManualClock(), randomBytes: seededRandomBytes(seed) });

function keyWith(set: (authenticator: ScriptedAuthenticator) => void = () => undefined) {
  const authenticator = new ScriptedAuthenticator();
  set(authenticator);
  const key = new SecurityKey(authenticator, surroundingsOf('security key'));
  const attempts = (): number =>
    [CHANGE_PIN, TOKEN_20, TOKEN_PERMISSIONS].reduce((sum, sub) => sum + authenticator.sent(CLIENT_PIN, sub).length, 0);
  return { authenticator, key, attempts };
}
const withPin =
  (text = '246810'): ((authenticator: ScriptedAuthenticator) => void) =>
  (authenticator) => {
    authenticator.pin = text;
  };

async function made<T>(outcome: Promise<KeyOutcome<T>>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`refused: ${settled.refusal.kind}`);
  return settled.value;
}

describe('describing', () => {
  test('a key without a PIN is not asked for tries: some crash, some lie', async () => {
    const { key, authenticator } = keyWith();
    expect(await key.describe(call())).toMatchObject({ kind: 'ctap2', pin: { kind: 'none' } });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('a key with one is', async () => {
    const { key } = keyWith((authenticator) => {
      withPin()(authenticator);
      authenticator.retries = 5;
    });
    expect(await key.describe(call())).toMatchObject({
      pin: { kind: 'set', mustChange: false, retriesLeft: 5, replugNeeded: false },
    });
  });

  test('a PIN that must be changed, and one that waits for a replug', async () => {
    const { key } = keyWith((authenticator) => {
      withPin()(authenticator);
      authenticator.forcePinChange = true;
      authenticator.wrongInARow = 3;
    });
    expect(await key.describe(call())).toMatchObject({ pin: { mustChange: true, replugNeeded: true } });
  });

  test('a key that can have none', async () => {
    const { key } = keyWith((authenticator) => {
      authenticator.options['clientPin'] = null;
    });
    expect(await key.describe(call())).toMatchObject({ pin: { kind: 'unsupported' } });
  });

  test('a nonsensical count is no count', async () => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(okay(new Map([[3, -61]])), CLIENT_PIN, RETRIES);
    expect(await key.describe(call())).toMatchObject({ pin: { retriesLeft: undefined, replugNeeded: false } });
  });

  test.each([
    [0x32, { retriesLeft: 0, replugNeeded: false }],
    [0x34, { retriesLeft: undefined, replugNeeded: true }],
    [0x01, { retriesLeft: undefined, replugNeeded: false }],
  ])('status %i instead of a count', async (status, expected) => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(status, CLIENT_PIN, RETRIES);
    expect(await key.describe(call())).toMatchObject({ pin: expected });
  });

  test('a U2F-only key is told by its capabilities and never asked for getInfo', async () => {
    const { key, authenticator } = keyWith((old) => {
      old.device = { ...old.device, canCbor: false, capabilities: 1 };
    });
    expect(await key.describe(call())).toMatchObject({ kind: 'u2f', u2fVersion: 'U2F_V2' });
    expect(authenticator.requests).toHaveLength(0);
    for (const outcome of [
      await key.setPin(pin('1234'), call()),
      await key.makeCredential(request(), pin('1234'), call()),
      await key.reset(call()),
    ]) {
      expect(refusalOf(outcome)).toEqual({ kind: 'noCtap2' });
    }
    expect(authenticator.requests).toHaveLength(0);
  });

  test('a CTAP2 key whose getInfo fails is no U2F key', async () => {
    const { key, authenticator } = keyWith();
    authenticator.once(0x7f, GET_INFO);
    await expect(key.describe(call())).rejects.toMatchObject({ status: 0x7f, command: 'getInfo' });
  });
});

describe.each([[[2, 1]], [[1]]])('a first PIN, protocols %j', (protocols) => {
  const fresh = () =>
    keyWith((authenticator) => {
      authenticator.info.set(6, protocols);
    });

  test.each(['1234', '€€€€', 'x'.repeat(63), '😀ab😀'])('%j arrives whole', async (text) => {
    const { key, authenticator } = fresh();
    expect(refusalOf(await key.setPin(pin(text), call()))).toBe('none');
    expect(authenticator.pin).toBe(text);
    expect(authenticator.sent(CLIENT_PIN, SET_PIN)[0]?.parameters.get(1)).toBe(protocols[0]);
  });

  test('what is too short is not sent', async () => {
    const { key, authenticator } = fresh();
    authenticator.info.set(13, 6);
    expect(refusalOf(await key.setPin(pin('12345'), call()))).toEqual({
      kind: 'pinRefused',
      fault: 'tooShort',
      minPinLength: 6,
      maxPinLength: 63,
    });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });
});

describe('setting a PIN', () => {
  test("the key's own policy", async () => {
    const { key, authenticator } = keyWith();
    authenticator.once(0x37, CLIENT_PIN, SET_PIN);
    expect(refusalOf(await key.setPin(pin('1111'), call()))).toMatchObject({ kind: 'pinRefused', fault: 'policy' });
  });

  test('only where none is set, and where one can be', async () => {
    const set = keyWith(withPin());
    expect(refusalOf(await set.key.setPin(pin('1234'), call()))).toEqual({ kind: 'pinAlreadySet' });
    expect(set.authenticator.sent(CLIENT_PIN)).toHaveLength(0);
    const none = keyWith((authenticator) => {
      authenticator.options['clientPin'] = null;
    });
    expect(refusalOf(await none.key.setPin(pin('1234'), call()))).toEqual({ kind: 'pinUnsupported' });
  });

  test('a key of protocols nobody knows', async () => {
    const { key } = keyWith((authenticator) => {
      authenticator.info.set(6, [3]);
    });
    expect(refusalOf(await key.setPin(pin('1234'), call()))).toEqual({ kind: 'pinUnsupported' });
  });

  test('protocol two that does not work gives way to one', async () => {
    const { key, authenticator } = keyWith();
    authenticator.interceptions.push(({ command, parameters }) =>
      command === CLIENT_PIN && parameters.get(2) === SET_PIN && parameters.get(1) === 2 ? 0x33 : undefined,
    );
    expect(refusalOf(await key.setPin(pin('1234'), call()))).toBe('none');
    expect(authenticator.sent(CLIENT_PIN, SET_PIN).map(({ parameters }) => parameters.get(1))).toEqual([2, 1]);
    // And stays there for this insertion.
    await made(key.makeCredential(request(), pin('1234'), call()));
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS).map(({ parameters }) => parameters.get(1))).toEqual([1]);
  });

  test('a key that refuses in its only protocol is an error', async () => {
    const { key, authenticator } = keyWith((one) => one.info.set(6, [1]));
    authenticator.once(0x33, CLIENT_PIN, SET_PIN);
    await expect(key.setPin(pin('1234'), call())).rejects.toMatchObject({ status: 0x33, subCommand: 'setPin' });
    expect(authenticator.sent(CLIENT_PIN, SET_PIN)).toHaveLength(1);
  });
});

describe('changing a PIN', () => {
  test.each([[[2]], [[1]]])('with protocols %j', async (protocols) => {
    const { key, authenticator } = keyWith(withPin('1234'));
    authenticator.info.set(6, protocols);
    authenticator.forcePinChange = true;
    expect(refusalOf(await key.changePin({ oldPin: pin('1234'), newPin: pin('97531') }, call()))).toBe('none');
    expect(authenticator.pin).toBe('97531');
    expect(authenticator.forcePinChange).toBe(false);
  });

  test('a wrong old one costs one try and says how many are left', async () => {
    const { key, authenticator, attempts } = keyWith(withPin('1234'));
    const outcome = await key.changePin({ oldPin: pin('4321'), newPin: pin('97531') }, call());
    expect(refusalOf(outcome)).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
    expect([authenticator.retries, attempts()]).toEqual([7, 1]);
  });

  test.each([
    ['an old one that can be none', { oldPin: '123', newPin: '97531' }],
    ['a new one that is too long', { oldPin: '1234', newPin: 'x'.repeat(64) }],
  ])('%s is not sent', async (_name, { oldPin, newPin }) => {
    const { key, attempts } = keyWith(withPin('1234'));
    expect(refusalOf(await key.changePin({ oldPin: pin(oldPin), newPin: pin(newPin) }, call()))).toMatchObject({
      kind: 'pinRefused',
    });
    expect(attempts()).toBe(0);
  });

  test('where none is set', async () => {
    const { key, attempts } = keyWith();
    expect(refusalOf(await key.changePin({ oldPin: pin('1234'), newPin: pin('97531') }, call()))).toEqual({ kind: 'pinNotSet' });
    expect(attempts()).toBe(0);
  });

  test('the same PIN again, refused by policy', async () => {
    const { key, authenticator } = keyWith(withPin('1234'));
    authenticator.once(0x37, CLIENT_PIN, CHANGE_PIN);
    expect(refusalOf(await key.changePin({ oldPin: pin('1234'), newPin: pin('1234') }, call()))).toMatchObject({
      kind: 'pinRefused',
      fault: 'policy',
    });
  });
});

describe('trying a PIN', () => {
  const attempt = (key: SecurityKey, text: string) => key.makeCredential(request(), pin(text), call());

  test('every attempt has an agreement of its own', async () => {
    const { key, authenticator } = keyWith(withPin());
    expect(refusalOf(await attempt(key, '0000'))).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
    // The key made itself a new key pair after the wrong PIN; under the old secret this one would count as wrong too.
    await made(attempt(key, '246810'));
    const order = authenticator.sent(CLIENT_PIN).map(({ parameters }) => parameters.get(2));
    expect(order).toEqual([RETRIES, AGREEMENT, TOKEN_PERMISSIONS, RETRIES, RETRIES, AGREEMENT, TOKEN_PERMISSIONS]);
    expect(authenticator.retries).toBe(8);
    const halves = authenticator
      .sent(CLIENT_PIN, TOKEN_PERMISSIONS)
      .map(({ parameters }) => (parameters.get(3) as Parameters).get(-2));
    expect(halves[0]).not.toEqual(halves[1]);
  });

  test('wrong, wrong, blocked until replugged: then nothing more is sent', async () => {
    const { key, authenticator, attempts } = keyWith(withPin());
    expect(refusalOf(await attempt(key, '0000'))).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
    expect(refusalOf(await attempt(key, '0000'))).toEqual({ kind: 'pinWrong', retriesLeft: 6 });
    expect(refusalOf(await attempt(key, '0000'))).toEqual({ kind: 'replugNeeded', retriesLeft: 5 });
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'replugNeeded', retriesLeft: 5 });
    expect([attempts(), authenticator.retries]).toEqual([3, 5]);
  });

  test('keys that do not tell their power-cycle state are not sent another PIN either', async () => {
    const { key, authenticator, attempts } = keyWith((silent) => {
      withPin()(silent);
      silent.interceptions.push(({ command, parameters }) =>
        command === CLIENT_PIN && parameters.get(2) === RETRIES ? okay(new Map([[3, silent.retries]])) : undefined,
      );
    });
    for (const wrong of ['0000', '0000', '0000']) await attempt(key, wrong);
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'replugNeeded', retriesLeft: 5 });
    expect(attempts()).toBe(3);
    // Plugged in again it is another insertion, and another object.
    authenticator.replug();
    await made(attempt(new SecurityKey(authenticator, surroundingsOf('again')), '246810'));
  });

  test('one that was blocked before it came to us is not tried', async () => {
    const { key, attempts } = keyWith((blocked) => {
      withPin()(blocked);
      blocked.wrongInARow = 3;
      blocked.retries = 5;
    });
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'replugNeeded', retriesLeft: 5 });
    expect(attempts()).toBe(0);
  });

  test('no tries left: locked, and not tried', async () => {
    const { key, authenticator, attempts } = keyWith((locked) => {
      withPin()(locked);
      locked.retries = 1;
    });
    expect(refusalOf(await attempt(key, '0000'))).toEqual({ kind: 'pinLocked' });
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'pinLocked' });
    expect([attempts(), authenticator.retries]).toEqual([1, 0]);
  });

  test('a PIN that must be changed is never called wrong', async () => {
    const { key, attempts } = keyWith((forced) => {
      withPin()(forced);
      forced.forcePinChange = true;
    });
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'pinMustChange' });
    expect(attempts()).toBe(0);
  });

  test('a policy violation when asking for a token means the same', async () => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(0x37, CLIENT_PIN, TOKEN_PERMISSIONS);
    expect(refusalOf(await attempt(key, '246810'))).toEqual({ kind: 'pinMustChange' });
  });

  test.each([
    [0x35, { kind: 'pinNotSet' }],
    [0x40, { kind: 'fingerprintNeeded' }],
    [0x32, { kind: 'pinLocked' }],
  ])('status %i', async (status, refusal) => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(status, CLIENT_PIN, TOKEN_PERMISSIONS);
    expect(refusalOf(await attempt(key, '246810'))).toEqual(refusal);
  });

  test.each([
    ['no PIN set', {}, { kind: 'pinNotSet' }],
    ['no PIN possible', { clientPin: null }, { kind: 'pinUnsupported' }],
    ['a PIN that gives no permission', { clientPin: true, noMcGaPermissionsWithClientPin: true }, { kind: 'fingerprintNeeded' }],
  ])('%s', async (_name, options, refusal) => {
    const { key, attempts } = keyWith((authenticator) => Object.assign(authenticator.options, options));
    expect(refusalOf(await attempt(key, '246810'))).toEqual(refusal);
    expect(attempts()).toBe(0);
  });

  test('what can be no PIN is not sent', async () => {
    const { key, attempts } = keyWith(withPin());
    expect(refusalOf(await attempt(key, '123'))).toMatchObject({ kind: 'pinRefused', fault: 'tooShort' });
    expect(attempts()).toBe(0);
  });

  test('protocol two refused, no try lost: protocol one at once', async () => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.interceptions.push(({ command, parameters }) =>
      command === CLIENT_PIN && parameters.get(2) === TOKEN_PERMISSIONS && parameters.get(1) === 2 ? 0x33 : undefined,
    );
    await made(attempt(key, '246810'));
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(9)).toBe(1);
  });

  test('protocol two refused and a try lost: no second one is risked', async () => {
    const { key, authenticator, attempts } = keyWith(withPin());
    authenticator.interceptions.push(({ command, parameters }) => {
      if (command !== CLIENT_PIN || parameters.get(2) !== TOKEN_PERMISSIONS || parameters.get(1) !== 2) return undefined;
      authenticator.retries -= 1;
      return 0x33;
    });
    await expect(attempt(key, '246810')).rejects.toMatchObject({ status: 0x33 });
    expect(attempts()).toBe(1);
    // The person's next attempt goes by protocol one.
    await made(attempt(key, '246810'));
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS).map(({ parameters }) => parameters.get(1))).toEqual([2, 1]);
  });

  test.each([0x04, 0x05, 0x06])('a message the key did not take (%i) is begun anew with a new agreement, once', async (code) => {
    const { key, authenticator } = keyWith(withPin());
    const notTaken = (): never => {
      throw new CtapHidError(code, 0x10);
    };
    authenticator.once(notTaken, CLIENT_PIN, TOKEN_PERMISSIONS);
    await made(attempt(key, '246810'));
    expect(authenticator.sent(CLIENT_PIN, AGREEMENT)).toHaveLength(2);
    const both = keyWith(withPin());
    both.authenticator.once(notTaken, CLIENT_PIN, TOKEN_PERMISSIONS);
    both.authenticator.once(notTaken, CLIENT_PIN, TOKEN_PERMISSIONS);
    await expect(attempt(both.key, '246810')).rejects.toBeInstanceOf(CtapHidError);
    expect(both.attempts()).toBe(2);
  });

  test('a message that may have been taken is not', async () => {
    const { key, authenticator, attempts } = keyWith(withPin());
    authenticator.once(
      () => {
        throw new CtapHidError(0x7f, 0x10);
      },
      CLIENT_PIN,
      TOKEN_PERMISSIONS,
    );
    await expect(attempt(key, '246810')).rejects.toMatchObject({ codeName: 'OTHER' });
    expect(attempts()).toBe(1);
  });

  test('messages with a PIN in them are never sent twice by the channel', async () => {
    const { key, authenticator } = keyWith();
    await key.setPin(pin('1234'), call());
    await key.changePin({ oldPin: pin('1234'), newPin: pin('5678') }, call());
    await attempt(key, '5678');
    const bound = authenticator.sent(CLIENT_PIN).filter(({ parameters }) => parameters.has(3));
    expect(bound.map(({ call: { resend } }) => resend)).toEqual([false, false, false]);
  });

  test('the PIN given is left as it was, for its owner to wipe', async () => {
    const { key } = keyWith(withPin());
    const given = pin('246810');
    await made(key.makeCredential(request(), given, call()));
    expect(given).toEqual(pin('246810'));
  });
});

describe('making a credential', () => {
  test('asks for exactly what it should', async () => {
    const { key, authenticator } = keyWith(withPin());
    await made(key.makeCredential(request({ user: { ...request().user, name: 'ü'.repeat(40) } }), pin('246810'), call()));
    const [token] = authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS);
    expect([token?.parameters.get(9), token?.parameters.get(10)]).toEqual([1, RP_ID]);
    const [sent] = authenticator.sent(MAKE_CREDENTIAL);
    expect([...(sent?.parameters.keys() ?? [])]).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(sent?.parameters.get(7)).toEqual(new Map([['rk', true]]));
    expect(sent?.parameters.get(6)).toEqual(
      new Map<string, unknown>([
        ['credProtect', 1],
        ['hmac-secret', true],
      ]),
    );
    const user = sent?.parameters.get(3) as Parameters | undefined;
    expect(user?.get('name')).toBe('ü'.repeat(32));
    expect(user?.get('id')).toEqual(new Uint8Array(51).fill(1));
  });

  test('what comes back holds', async () => {
    const { key, authenticator } = keyWith(withPin());
    const created = await made(key.makeCredential(request(), pin('246810'), call()));
    const expected = { rpId: RP_ID, aaguid: created.info.aaguid, algorithms: [-7, -257] };
    const checked = checkCreatedCredential(created.authenticatorData, expected);
    expect(checked).toMatchObject({ ok: true, value: { extensionOutputs: { credProtect: 1, 'hmac-secret': true } } });
    expect(created.format).toBe('packed');
    expect(authenticator.credentials).toHaveLength(1);
  });

  test('a key of CTAP 2.0 is asked for its token without permissions', async () => {
    const { key, authenticator } = keyWith((old) => {
      withPin()(old);
      delete old.options['pinUvAuthToken'];
      old.info.delete(6);
    });
    await made(key.makeCredential(request(), pin('246810'), call()));
    const [token] = authenticator.sent(CLIENT_PIN, TOKEN_20);
    expect([...(token?.parameters.keys() ?? [])]).toEqual([1, 2, 3, 6]);
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(0);
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(9)).toBe(1);
  });

  test('a token is fetched for every credential', async () => {
    const { key, authenticator } = keyWith(withPin());
    await made(key.makeCredential(request(), pin('246810'), call()));
    await made(key.makeCredential(request(), pin('246810'), call()));
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(2);
  });

  test.each([
    [0x19, 'alreadyRegistered'],
    [0x26, 'noAlgorithm'],
    [0x27, 'touchDenied'],
    [0x28, 'keyFull'],
    [0x2f, 'touchTimeout'],
    [0x3a, 'touchTimeout'],
  ])('status %i is the refusal %s', async (status, kind) => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(status, MAKE_CREDENTIAL);
    expect(refusalOf(await key.makeCredential(request(), pin('246810'), call()))).toEqual({ kind });
  });

  test.each([0x02, 0x12, 0x14, 0x33, 0x36, 0x7f, 0xf1])('status %i stays an error', async (status) => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(status, MAKE_CREDENTIAL);
    await expect(key.makeCredential(request(), pin('246810'), call())).rejects.toMatchObject({
      status,
      command: 'makeCredential',
    });
    expect(authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(1);
  });

  test.each<[string, (authenticator: ScriptedAuthenticator) => void, Partial<CredentialRequest>, string]>([
    [
      'no common algorithm',
      ({ info }) =>
        info.set(10, [
          new Map<string, unknown>([
            ['alg', -8],
            ['type', 'public-key'],
          ]),
        ]),
      {},
      'noAlgorithm',
    ],
    ['no room', ({ info }) => info.set(20, 0), {}, 'keyFull'],
    [
      'protection that is enforced and not to be had',
      ({ info }) => info.set(2, []),
      { credProtect: { level: 3, enforced: true } },
      'noCredProtect',
    ],
  ])('%s: known before a PIN is sent', async (_name, set, changes, kind) => {
    const { key, authenticator, attempts } = keyWith((authenticatorToSet) => {
      withPin()(authenticatorToSet);
      set(authenticatorToSet);
    });
    expect(refusalOf(await key.makeCredential(request(changes), pin('246810'), call()))).toEqual({ kind });
    expect([attempts(), authenticator.sent(MAKE_CREDENTIAL).length]).toEqual([0, 0]);
  });
});

describe('excluded credentials', () => {
  const ids = (count: number, bytes = 32): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => new Uint8Array(bytes).fill(index + 1));
  const roomy = (authenticator: ScriptedAuthenticator): void => {
    withPin()(authenticator);
    authenticator.info.set(7, 3);
    authenticator.info.set(8, 64);
  };
  const excludedIn = (parameters: Parameters | undefined): unknown =>
    (parameters?.get(5) as Parameters[] | undefined)?.map((item) => item.get('id'));
  const allowedIn = (parameters: Parameters): number => (parameters.get(3) as unknown[]).length;
  const make = (key: SecurityKey, excludeCredentialIds: readonly Uint8Array[]) =>
    key.makeCredential(request({ excludeCredentialIds }), pin('246810'), call());

  /** A key that already holds a credential, and its id. */
  async function registered(set: (authenticator: ScriptedAuthenticator) => void) {
    const scene = keyWith(set);
    await made(make(scene.key, []));
    const [known] = scene.authenticator.credentials;
    if (known === undefined) throw new Error('nothing registered');
    scene.authenticator.requests.length = 0;
    return { ...scene, known: Uint8Array.from(known.id) };
  }

  test('a list that fits goes along as it is', async () => {
    const { key, authenticator } = keyWith(roomy);
    await made(make(key, ids(3)));
    expect(excludedIn(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters)).toEqual(ids(3));
    expect(authenticator.sent(GET_ASSERTION)).toHaveLength(0);
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)[0]?.parameters.get(9)).toBe(1);
  });

  test('each id once, none longer than the key makes them', async () => {
    const { key, authenticator } = keyWith(roomy);
    await made(make(key, [...ids(2), ...ids(2), new Uint8Array(65), new Uint8Array(0)]));
    expect(excludedIn(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters)).toEqual(ids(2));
  });

  test('a longer one is asked for silently first, with the right to sign', async () => {
    const { key, authenticator } = keyWith(roomy);
    await made(make(key, ids(7)));
    const probes = authenticator.sent(GET_ASSERTION);
    expect(probes.map(({ parameters }) => allowedIn(parameters))).toEqual([3, 3, 1]);
    for (const { parameters } of probes) {
      expect(parameters.get(5)).toEqual(new Map([['up', false]]));
      expect(parameters.get(2)).toEqual(new Uint8Array(32));
      expect(parameters.get(1)).toBe(RP_ID);
    }
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)[0]?.parameters.get(9)).toBe(3);
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.has(5)).toBe(false);
  });

  test('what is found goes along alone, so that the key itself says so', async () => {
    const { key, authenticator, known } = await registered(roomy);
    expect(refusalOf(await make(key, [...ids(4), known, ...ids(7)]))).toEqual({ kind: 'alreadyRegistered' });
    expect(excludedIn(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters)).toEqual([known]);
    expect(authenticator.sent(GET_ASSERTION)).toHaveLength(2);
  });

  test('without a stated longest id the stated count means nothing: one at a time', async () => {
    const { key, authenticator } = keyWith((vague) => {
      withPin()(vague);
      vague.info.set(7, 8);
    });
    await made(make(key, ids(2)));
    expect(authenticator.sent(GET_ASSERTION).map(({ parameters }) => allowedIn(parameters))).toEqual([1, 1]);
  });

  test('lists keep within the size of a message', async () => {
    const { key, authenticator } = keyWith((small) => {
      roomy(small);
      small.info.set(7, 100);
      small.info.set(8, 200);
      small.info.set(5, 600);
    });
    await made(make(key, ids(9, 120)));
    const sizes = authenticator.requests.map(({ bytes }) => bytes.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(600);
    const asked = authenticator.sent(GET_ASSERTION).reduce((sum, { parameters }) => sum + allowedIn(parameters), 0);
    expect(asked).toBe(9);
  });

  test.each([0x39, 0x15])('a key that finds a list too long (%i) gets shorter ones', async (status) => {
    const { key, authenticator, known } = await registered((narrow) => {
      roomy(narrow);
      narrow.info.set(7, 8);
    });
    authenticator.interceptions.push(({ command, parameters }) =>
      command === GET_ASSERTION && allowedIn(parameters) > 2 ? status : undefined,
    );
    expect(refusalOf(await make(key, [...ids(9), known]))).toEqual({ kind: 'alreadyRegistered' });
  });

  test('an id that the key cannot even be asked about is skipped', async () => {
    const { key, authenticator } = keyWith(roomy);
    authenticator.interceptions.push(({ command }) => (command === GET_ASSERTION ? 0x39 : undefined));
    await made(make(key, ids(4)));
    expect(authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(1);
  });

  test('a token thrown away after a probe is replaced, once', async () => {
    const { key, authenticator } = keyWith(roomy);
    authenticator.once(0x33, MAKE_CREDENTIAL);
    await made(make(key, ids(4)));
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(2);
    const stubborn = keyWith(roomy);
    stubborn.authenticator.interceptions.push(({ command }) => (command === MAKE_CREDENTIAL ? 0x33 : undefined));
    await expect(make(stubborn.key, ids(4))).rejects.toMatchObject({ status: 0x33 });
    expect(stubborn.authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(2);
  });

  test('also in the middle of the probing', async () => {
    const { key, authenticator, known } = await registered(roomy);
    let probes = 0;
    authenticator.interceptions.push(({ command }) => (command === GET_ASSERTION && (probes += 1) === 2 ? 0x33 : undefined));
    expect(refusalOf(await make(key, [...ids(6), known]))).toEqual({ kind: 'alreadyRegistered' });
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(2);
  });

  test('a key that wants a new token for every probe is not humoured for ever', async () => {
    const { key, authenticator } = keyWith(roomy);
    authenticator.interceptions.push(({ command }) => (command === GET_ASSERTION ? 0x33 : undefined));
    await expect(make(key, ids(7))).rejects.toMatchObject({ status: 0x33, command: 'getAssertion' });
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(2);
  });

  test('a key that will not say which of several it found', async () => {
    const { key, authenticator } = keyWith(roomy);
    authenticator.once(
      okay(
        new Map([
          [2, new Uint8Array(37)],
          [3, new Uint8Array(8)],
        ]),
      ),
      GET_ASSERTION,
    );
    await expect(make(key, ids(5))).rejects.toBeInstanceOf(ProtocolViolation);
  });
});

describe('signing in', () => {
  const clientDataJson = encodeClientData({
    type: 'webauthn.get',
    challengeB64u: 'Y2hhbGxlbmdl',
    origin: `https://${RP_ID}`,
    crossOrigin: false,
  });
  const clientDataHash = hashClientData(clientDataJson);

  test('with the credential made a moment ago', async () => {
    const { key, authenticator } = keyWith(withPin());
    const created = await made(key.makeCredential(request(), pin('246810'), call()));
    const expected = { rpId: RP_ID, aaguid: created.info.aaguid, algorithms: [-7] };
    const checked = checkCreatedCredential(created.authenticatorData, expected);
    if (!checked.ok) throw new Error(checked.failure.check);
    const [assertion] = await made(
      key.getAssertions({ rpId: RP_ID, clientDataHash, allowCredentialIds: [] }, pin('246810'), call()),
    );
    if (assertion?.credentialId === undefined) throw new Error('no credential id');
    const verdict = verifyAssertion(
      { ...assertion, credentialId: assertion.credentialId, clientDataJson, userId: assertion.user?.id },
      { ...checked.value, userId: request().user.id },
      { rpId: RP_ID, challengeB64u: 'Y2hhbGxlbmdl', origin: `https://${RP_ID}` },
    );
    expect(verdict).toEqual({ ok: true, value: { signCount: 2 } });
    const [sent] = authenticator.sent(GET_ASSERTION);
    expect([...(sent?.parameters.keys() ?? [])]).toEqual([1, 2, 6, 7]);
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)[1]?.parameters.get(9)).toBe(2);
  });

  test('every account on the key, one after the other', async () => {
    const { key, authenticator } = keyWith(withPin());
    for (let round = 0; round < 3; round += 1) await made(key.makeCredential(request(), pin('246810'), call()));
    const assertions = await made(
      key.getAssertions({ rpId: RP_ID, clientDataHash, allowCredentialIds: [] }, pin('246810'), call()),
    );
    expect(assertions.map(({ credentialId }) => Buffer.from(credentialId ?? []).toString('hex'))).toEqual(
      authenticator.credentials.toReversed().map(({ id }) => id.toString('hex')),
    );
    expect(authenticator.sent(GET_NEXT_ASSERTION)).toHaveLength(2);
  });

  test('nothing stored', async () => {
    const { key } = keyWith(withPin());
    const outcome = await key.getAssertions({ rpId: RP_ID, clientDataHash, allowCredentialIds: [] }, pin('246810'), call());
    expect(refusalOf(outcome)).toEqual({ kind: 'noCredential' });
  });

  test('a key that claims a million accounts', async () => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.once(
      okay(
        new Map<number, unknown>([
          [2, new Uint8Array(37)],
          [3, new Uint8Array(8)],
          [5, 1_000_000],
        ]),
      ),
      GET_ASSERTION,
    );
    const asking = key.getAssertions({ rpId: RP_ID, clientDataHash, allowCredentialIds: [] }, pin('246810'), call());
    await expect(asking).rejects.toBeInstanceOf(ProtocolViolation);
    expect(authenticator.sent(GET_NEXT_ASSERTION)).toHaveLength(0);
  });
});

describe('selecting and resetting', () => {
  test('selection', async () => {
    const { key, authenticator } = keyWith();
    expect(refusalOf(await key.select(call()))).toBe('none');
    authenticator.once(0x2f, SELECTION);
    expect(refusalOf(await key.select(call()))).toEqual({ kind: 'touchTimeout' });
  });

  test('a reset is the very first thing asked', async () => {
    const { key, authenticator } = keyWith();
    expect(refusalOf(await key.reset(call()))).toBe('none');
    expect(authenticator.requests.map(({ command }) => command)).toEqual([RESET, GET_INFO]);
  });

  test.each([
    [0x30, 'resetNotAllowed'],
    [0x34, 'resetNotAllowed'],
    [0x27, 'touchDenied'],
    [0x2f, 'touchTimeout'],
    [0x3a, 'touchTimeout'],
  ])('status %i is %s', async (status, kind) => {
    const { key, authenticator } = keyWith();
    authenticator.once(status, RESET);
    expect(refusalOf(await key.reset(call()))).toEqual({ kind });
  });
});

describe('every operation', () => {
  test('waits for the one before', async () => {
    const { key, authenticator } = keyWith();
    const [set, created] = await Promise.all([
      key.setPin(pin('246810'), call()),
      key.makeCredential(request(), pin('246810'), call()),
    ]);
    expect([refusalOf(set), refusalOf(created)]).toEqual(['none', 'none']);
    const commands = authenticator.requests.map(({ command, parameters }) => [command, parameters.get(2)]).map(String);
    expect(commands.indexOf(`${CLIENT_PIN},${SET_PIN}`)).toBeLessThan(commands.lastIndexOf(`${GET_INFO},`));
  });

  test('hands its signal down, and stops where it aborts', async () => {
    const { key, authenticator } = keyWith(withPin());
    const stop = new AbortController();
    authenticator.interceptions.push(({ command, call: given }) => {
      expect(given.signal).toBe(stop.signal);
      if (command === CLIENT_PIN) stop.abort('gone');
      given.signal.throwIfAborted();
      return undefined;
    });
    await expect(key.describe(call({ signal: stop.signal }))).rejects.toBe('gone');
    await expect(key.setPin(pin('1234'), call({ signal: AbortSignal.abort('late') }))).rejects.toBe('late');
  });

  test('tells progress on change only, unknown signs of life as work', async () => {
    const { key, authenticator } = keyWith(withPin());
    authenticator.interceptions.push(({ command, call: { onKeepalive } }) => {
      if (command === MAKE_CREDENTIAL) for (const status of [1, 1, 2, 2, 2, 7, 1]) onKeepalive?.(status);
      return undefined;
    });
    const told: OperationProgress[] = [];
    await made(key.makeCredential(request(), pin('246810'), call({ onProgress: (progress) => told.push(progress) })));
    expect(told).toEqual(['processing', 'touchNeeded', 'processing']);
  });
});
