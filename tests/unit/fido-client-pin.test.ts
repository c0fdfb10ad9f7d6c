// Which fields each clientPIN sub-command carries, and how long they are on the wire. CTAP 2.3 §6.5.5.
import { describe, expect, test } from 'vitest';
import {
  agreeOnSecret,
  changePin,
  getPinRetries,
  getPinToken,
  getPinUvAuthTokenUsingPin,
  getUvRetries,
  setPin,
} from '../../main/fido/ctap/client-pin.ts';
import type { PinUvProtocolVersion } from '../../main/fido/ctap/pin-uv-protocol.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { CLIENT_PIN, ScriptedAuthenticator, okay, type Parameters } from '../support/fido-scripted-authenticator.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const call = { signal: new AbortController().signal };
const randomBytes = seededRandomBytes('client pin');
const pin = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Field numbers of the last request, with the lengths of those that are bytes. */
function shape(authenticator: ScriptedAuthenticator): Record<string, unknown> {
  const parameters: Parameters = authenticator.requests.at(-1)?.parameters ?? new Map();
  const kind = (value: unknown): unknown => (value instanceof Uint8Array ? `${value.length} bytes` : value);
  return Object.fromEntries([...parameters].map(([key, value]) => [key, value instanceof Map ? 'map' : kind(value)]));
}

const versions: readonly [PinUvProtocolVersion, { mac: string; newPin: string; hash: string }][] = [
  [1, { mac: '16 bytes', newPin: '64 bytes', hash: '16 bytes' }],
  [2, { mac: '32 bytes', newPin: '80 bytes', hash: '32 bytes' }],
];

describe.each(versions)('protocol %i', (version, { mac, newPin, hash }) => {
  const agree = (authenticator: ScriptedAuthenticator) => agreeOnSecret(authenticator, { version, randomBytes }, call);

  test('retries and key agreement name protocol and sub-command only', async () => {
    const authenticator = new ScriptedAuthenticator();
    await getPinRetries(authenticator, version, call);
    expect(shape(authenticator)).toEqual({ 1: version, 2: 1 });
    await agree(authenticator);
    expect(shape(authenticator)).toEqual({ 1: version, 2: 2 });
  });

  test('setPIN', async () => {
    const authenticator = new ScriptedAuthenticator();
    await setPin(authenticator, await agree(authenticator), pin('1234'), call);
    expect(shape(authenticator)).toEqual({ 1: version, 2: 3, 3: 'map', 4: mac, 5: newPin });
    expect(authenticator.pin).toBe('1234');
  });

  test('changePIN', async () => {
    const authenticator = new ScriptedAuthenticator();
    authenticator.pin = '1234';
    await changePin(authenticator, await agree(authenticator), { oldPin: pin('1234'), newPin: pin('98765') }, call);
    expect(shape(authenticator)).toEqual({ 1: version, 2: 4, 3: 'map', 4: mac, 5: newPin, 6: hash });
    expect(authenticator.pin).toBe('98765');
  });

  test('the token of CTAP 2.0', async () => {
    const authenticator = new ScriptedAuthenticator();
    authenticator.pin = '1234';
    const token = await getPinToken(authenticator, await agree(authenticator), pin('1234'), call);
    expect(shape(authenticator)).toEqual({ 1: version, 2: 5, 3: 'map', 6: hash });
    expect(token.version).toBe(version);
  });

  test('a token with permissions, for a relying party or for none', async () => {
    const authenticator = new ScriptedAuthenticator();
    authenticator.pin = '1234';
    const ask = async (scope: { permissions: number; rpId?: string }) =>
      getPinUvAuthTokenUsingPin(authenticator, await agree(authenticator), { pin: pin('1234'), ...scope }, call);
    await ask({ permissions: 3, rpId: 'a.example' });
    expect(shape(authenticator)).toEqual({ 1: version, 2: 9, 3: 'map', 6: hash, 9: 3, 10: 'a.example' });
    await ask({ permissions: 4 });
    expect(shape(authenticator)).toEqual({ 1: version, 2: 9, 3: 'map', 6: hash, 9: 4 });
  });
});

describe('answers', () => {
  const answering = (answer: ReadonlyMap<number, unknown>): ScriptedAuthenticator => {
    const authenticator = new ScriptedAuthenticator();
    authenticator.once(okay(answer), CLIENT_PIN);
    return authenticator;
  };

  test.each<[ReadonlyMap<number, unknown>, unknown]>([
    [new Map([[3, 8]]), { retriesLeft: 8, powerCycleNeeded: undefined }],
    [
      new Map<number, unknown>([
        [3, 5],
        [4, true],
      ]),
      { retriesLeft: 5, powerCycleNeeded: true },
    ],
    [
      new Map<number, unknown>([
        [3, 5],
        [4, false],
      ]),
      { retriesLeft: 5, powerCycleNeeded: false },
    ],
    [new Map([[3, -61]]), { retriesLeft: undefined, powerCycleNeeded: undefined }],
    [new Map([[3, 256]]), { retriesLeft: undefined, powerCycleNeeded: undefined }],
    [new Map(), { retriesLeft: undefined, powerCycleNeeded: undefined }],
  ])('tries for the PIN %j', async (answer, expected) => {
    expect(await getPinRetries(answering(answer), 1, call)).toEqual(expected);
  });

  test('tries for the sensor', async () => {
    const authenticator = answering(new Map([[5, 3]]));
    expect(await getUvRetries(authenticator, 2, call)).toBe(3);
    expect(shape(authenticator)).toEqual({ 1: 2, 2: 7 });
    expect(await getUvRetries(answering(new Map()), 2, call)).toBeUndefined();
  });

  test.each<[string, ReadonlyMap<number, unknown>]>([
    ['no key', new Map()],
    [
      'a key without y',
      new Map([
        [
          1,
          new Map<number, unknown>([
            [1, 2],
            [3, -25],
            [-1, 1],
            [-2, new Uint8Array(32)],
          ]),
        ],
      ]),
    ],
    [
      'a coordinate of 31 bytes',
      new Map([
        [
          1,
          new Map<number, unknown>([
            [1, 2],
            [3, -25],
            [-1, 1],
            [-2, new Uint8Array(31)],
            [-3, new Uint8Array(32)],
          ]),
        ],
      ]),
    ],
    [
      'a point off the curve',
      new Map([
        [
          1,
          new Map<number, unknown>([
            [1, 2],
            [3, -25],
            [-1, 1],
            [-2, new Uint8Array(32)],
            [-3, new Uint8Array(32)],
          ]),
        ],
      ]),
    ],
  ])('an agreement with %s is a violation', async (_name, answer) => {
    await expect(agreeOnSecret(answering(answer), { version: 1, randomBytes }, call)).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test('a token that is missing, or of a length no token has', async () => {
    for (const answer of [new Map(), new Map([[2, new Uint8Array(17)]])]) {
      const authenticator = new ScriptedAuthenticator();
      const secret = await agreeOnSecret(authenticator, { version: 2, randomBytes }, call);
      authenticator.once(okay(answer), CLIENT_PIN, 5);
      await expect(getPinToken(authenticator, secret, pin('1234'), call)).rejects.toBeInstanceOf(ProtocolViolation);
    }
  });
});
