// Exact bytes out, tolerance in: every request is checked to the byte, presence and absence of fields included.
import { describe, expect, test } from 'vitest';
import type { CborKey, CborValue } from '../../main/fido/bytes/cbor.ts';
import { CTAP_COMMAND, encodeCommand, sendCommand } from '../../main/fido/ctap/command.ts';
import { cutToBytes, lacksCredProtect, parametersOf, type CredentialRequest } from '../../main/fido/key/credential-request.ts';
import {
  getAssertion,
  getAssertionRequest,
  getAssertionRequestBytes,
  getNextAssertion,
} from '../../main/fido/ctap/get-assertion.ts';
import { readInfo, type AuthenticatorInfo } from '../../main/fido/ctap/get-info.ts';
import {
  makeCredential,
  makeCredentialRequest,
  makeCredentialRequestBytes,
  type MakeCredentialParameters,
} from '../../main/fido/ctap/make-credential.ts';
import { hashPin, padPin } from '../../main/fido/ctap/pin-encoding.ts';
import { enteredPinFault, newPinFault } from '../../main/fido/key/pin-rules.ts';
import { resetKey } from '../../main/fido/ctap/reset.ts';
import { selectByTouch } from '../../main/fido/ctap/selection.ts';
import type { HidCall } from '../../main/fido/hid/channel.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { okay } from '../support/fido-scripted-authenticator.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const call: HidCall = { signal: new AbortController().signal };
const HASH = new Uint8Array(32).fill(0xcd);
const PARAM = new Uint8Array(16).fill(0xee);
const id = (fill: number): Uint8Array => new Uint8Array(2).fill(fill);

/** A transport that gives one answer and keeps what it was asked. */
function answering(answer: Uint8Array) {
  const asked: { request: string; call: HidCall }[] = [];
  return {
    asked,
    cbor: (request: Uint8Array, given: HidCall) => {
      asked.push({ request: hex(request), call: given });
      return Promise.resolve(answer);
    },
  };
}

describe('the envelope', () => {
  test('commands have their numbers', () => {
    expect(CTAP_COMMAND).toEqual({
      makeCredential: 1,
      getAssertion: 2,
      getInfo: 4,
      clientPin: 6,
      reset: 7,
      getNextAssertion: 8,
      bioEnrollment: 9,
      credentialManagement: 10,
      selection: 11,
      largeBlobs: 12,
      authenticatorConfig: 13,
      bioEnrollmentPreview: 64,
      credentialManagementPreview: 65,
    });
  });

  test('no map and an empty map are two things', () => {
    expect([hex(encodeCommand('getInfo')), hex(encodeCommand('getInfo', new Map()))]).toEqual(['04', '04a0']);
  });

  test('a success may be a status byte alone, or an empty map', async () => {
    expect(await sendCommand(answering(unhex('00')), 'reset', undefined, call)).toEqual(new Map());
    expect(await sendCommand(answering(unhex('00a0')), 'reset', undefined, call)).toEqual(new Map());
  });

  test.each([
    ['', 'no status byte'],
    ['0001', 'not a map'],
    ['00a0a0', 'trailing-bytes'],
    ['00a1', 'truncated'],
  ])('answer %j: %s', async (answer, problem) => {
    const sending = sendCommand(answering(unhex(answer)), 'clientPin', undefined, call);
    await expect(sending).rejects.toBeInstanceOf(ProtocolViolation);
    await expect(sending).rejects.toThrow(problem);
  });

  test('a refusal names command and sub-command', async () => {
    const sending = sendCommand(answering(unhex('31')), 'clientPin', undefined, call, { subCommand: 'getPinToken' });
    await expect(sending).rejects.toMatchObject({ status: 0x31, command: 'clientPin', subCommand: 'getPinToken' });
  });

  test('bytes after a refusal are not looked at', async () => {
    await expect(sendCommand(answering(unhex('2effff')), 'getAssertion', undefined, call)).rejects.toMatchObject({
      status: 0x2e,
    });
  });

  test('reset and selection have no parameters, and reset is never sent twice', async () => {
    const transport = answering(unhex('00'));
    await resetKey(transport, call);
    await selectByTouch(transport, call);
    expect(transport.asked.map(({ request, call: { resend } }) => [request, resend])).toEqual([
      ['07', false],
      ['0b', undefined],
    ]);
  });
});

const MINIMAL: MakeCredentialParameters = {
  clientDataHash: HASH,
  rp: { id: 'a.example' },
  user: { id: id(1) },
  algorithms: [-7],
};
const MINIMAL_HEX =
  `015820${'cd'.repeat(32)}` +
  `02a162696469${hex(Buffer.from('a.example'))}` +
  '03a1626964420101' +
  '0481a263616c672664747970656a7075626c69632d6b6579';

describe('makeCredential', () => {
  test('the least', () => {
    expect(hex(encodeCommand('makeCredential', makeCredentialRequest(MINIMAL)))).toBe(`01a4${MINIMAL_HEX}`);
    expect(makeCredentialRequestBytes(MINIMAL)).toBe(2 + MINIMAL_HEX.length / 2);
  });

  test('empty lists and maps are left out', () => {
    const full = { ...MINIMAL, excludeCredentialIds: [], extensions: new Map(), options: {} };
    expect(makeCredentialRequest(full)).toEqual(makeCredentialRequest(MINIMAL));
  });

  test('everything, in canonical order', () => {
    const request = makeCredentialRequest({
      ...MINIMAL,
      rp: { id: 'a.example', name: 'A' },
      user: { id: id(1), name: 'n', displayName: 'd' },
      algorithms: [-7, -257],
      excludeCredentialIds: [id(7)],
      extensions: new Map<CborKey, CborValue>([
        ['hmac-secret', true],
        ['credProtect', 2],
      ]),
      options: { rk: true },
      pinUvAuth: { param: PARAM, protocol: 1 },
    });
    expect(hex(encodeCommand('makeCredential', request))).toBe(
      `01a9015820${'cd'.repeat(32)}` +
        `02a262696469${hex(Buffer.from('a.example'))}646e616d656141` +
        '03a3626964420101646e616d65616e6b646973706c61794e616d656164' +
        '0482a263616c672664747970656a7075626c69632d6b6579a263616c6739010064747970656a7075626c69632d6b6579' +
        '0581a262696442070764747970656a7075626c69632d6b6579' +
        '06a26b6372656450726f74656374026b686d61632d736563726574f5' +
        '07a162726bf5' +
        `0850${'ee'.repeat(16)}` +
        '0901',
    );
  });

  test.each([
    [{ rk: true }, new Map([['rk', true]])],
    [{ rk: false }, new Map([['rk', false]])],
    [
      { rk: true, uv: false },
      new Map([
        ['rk', true],
        ['uv', false],
      ]),
    ],
    [{ uv: true }, new Map([['uv', true]])],
    [{}, undefined],
  ])('options %j: left out, false and true are three things', (options, expected) => {
    expect(makeCredentialRequest({ ...MINIMAL, options }).get(7)).toEqual(expected);
  });

  const answer = (changes: readonly (readonly [CborKey, CborValue | undefined])[] = []): Uint8Array => {
    const map = new Map<CborKey, CborValue | undefined>([
      [1, 'packed'],
      [2, new Uint8Array(37)],
      [
        3,
        new Map<CborKey, CborValue>([
          ['alg', -7],
          ['sig', id(9)],
        ]),
      ],
      ...changes,
    ]);
    return okay(new Map([...map].filter(([, value]) => value !== undefined)));
  };

  test('the answer', async () => {
    expect(await makeCredential(answering(answer()), MINIMAL, call)).toEqual({
      format: 'packed',
      authenticatorData: new Uint8Array(37),
      attestationStatement: new Map<CborKey, CborValue>([
        ['alg', -7],
        ['sig', id(9)],
      ]),
      enterpriseAttestation: undefined,
      largeBlobKey: undefined,
      unsignedExtensionOutputs: undefined,
    });
    const rich = answer([
      [4, false],
      [5, id(5)],
      [6, new Map()],
      [0x99, 'unknown'],
    ]);
    expect(await makeCredential(answering(rich), MINIMAL, call)).toMatchObject({
      enterpriseAttestation: false,
      largeBlobKey: id(5),
      unsignedExtensionOutputs: new Map(),
    });
  });

  test('only "none" may leave its statement out', async () => {
    const none = await makeCredential(
      answering(
        answer([
          [1, 'none'],
          [3, undefined],
        ]),
      ),
      MINIMAL,
      call,
    );
    expect(none.attestationStatement).toEqual(new Map());
    await expect(makeCredential(answering(answer([[3, undefined]])), MINIMAL, call)).rejects.toThrow('makeCredential[0x03]');
  });

  test.each([1, 2])('an answer without field %i is a violation', async (key) => {
    await expect(makeCredential(answering(answer([[key, undefined]])), MINIMAL, call)).rejects.toBeInstanceOf(ProtocolViolation);
  });
});

describe('getAssertion', () => {
  test('the least, and everything', () => {
    const least = { rpId: 'a.example', clientDataHash: HASH };
    expect(hex(encodeCommand('getAssertion', getAssertionRequest({ ...least, allowCredentialIds: [], options: {} })))).toBe(
      `02a20169${hex(Buffer.from('a.example'))}025820${'cd'.repeat(32)}`,
    );
    const full = { ...least, allowCredentialIds: [id(7)], options: { up: false }, pinUvAuth: { param: PARAM, protocol: 2 } };
    const encoded = hex(encodeCommand('getAssertion', getAssertionRequest(full)));
    expect(encoded).toBe(
      `02a60169${hex(Buffer.from('a.example'))}025820${'cd'.repeat(32)}` +
        '0381a262696442070764747970656a7075626c69632d6b6579' +
        `05a1627570f40650${'ee'.repeat(16)}0702`,
    );
    expect(getAssertionRequestBytes(full)).toBe(encoded.length / 2);
  });

  test('the answer, with and without what may be missing', async () => {
    const short = okay(
      new Map<number, unknown>([
        [2, new Uint8Array(37)],
        [3, id(3)],
      ]),
    );
    expect(await getAssertion(answering(short), { rpId: 'a', clientDataHash: HASH }, call)).toEqual({
      credentialId: undefined,
      authenticatorData: new Uint8Array(37),
      signature: id(3),
      user: undefined,
      numberOfCredentials: undefined,
      userSelected: undefined,
      largeBlobKey: undefined,
    });
    const long = okay(
      new Map<number, unknown>([
        [
          1,
          new Map<string, unknown>([
            ['id', id(1)],
            ['type', 'public-key'],
          ]),
        ],
        [2, new Uint8Array(37)],
        [3, id(3)],
        [
          4,
          new Map<string, unknown>([
            ['id', id(4)],
            ['name', 'n'],
          ]),
        ],
        [5, 2],
        [6, true],
      ]),
    );
    expect(await getAssertion(answering(long), { rpId: 'a', clientDataHash: HASH }, call)).toMatchObject({
      credentialId: id(1),
      user: { id: id(4), name: 'n', displayName: undefined },
      numberOfCredentials: 2,
      userSelected: true,
    });
  });

  test('a name that the key cut in two is repaired', async () => {
    const cut = unhex(`00 a3 02 40 03 40 04 a2 6269644101 646e616d65 63 61e282`);
    const assertion = await getAssertion(answering(cut), { rpId: 'a', clientDataHash: HASH }, call);
    expect(assertion.user?.name).toBe('a\ufffd');
  });

  test('the next one is asked for without parameters, and never twice by itself', async () => {
    const transport = answering(
      okay(
        new Map<number, unknown>([
          [2, id(2)],
          [3, id(3)],
        ]),
      ),
    );
    await getNextAssertion(transport, call);
    expect(transport.asked).toMatchObject([{ request: '08', call: { resend: false } }]);
  });
});

describe('from what is asked to what a key takes', () => {
  const info = (extensions: readonly string[]): AuthenticatorInfo =>
    readInfo(
      new Map<CborKey, CborValue>([
        [1, ['FIDO_2_0']],
        [2, extensions],
        [3, new Uint8Array(16)],
      ]),
    );
  const request: CredentialRequest = {
    clientDataHash: HASH,
    rp: { id: 'login.microsoft.com', name: 'Microsoft' },
    user: { id: id(1), name: 'lina.berg@kiosk-demo.example', displayName: 'Lina Berg' },
    algorithms: [-7, -257],
    excludeCredentialIds: [],
    hmacSecret: true,
    credProtect: { level: 1, enforced: true },
  };

  test('always discoverable, up and uv left out, no enterprise attestation', () => {
    const sent = makeCredentialRequest(parametersOf(request, info(['hmac-secret', 'credProtect'])));
    expect(sent.get(7)).toEqual(new Map([['rk', true]]));
    expect([...sent.keys()]).toEqual([1, 2, 3, 4, 6, 7]);
  });

  test.each<[readonly string[], [string, unknown][]]>([
    [[], []],
    [['hmac-secret'], [['hmac-secret', true]]],
    [['credProtect'], [['credProtect', 1]]],
    [
      ['credProtect', 'hmac-secret', 'minPinLength'],
      [
        ['hmac-secret', true],
        ['credProtect', 1],
      ],
    ],
  ])('a key that lists %j is asked for %j', (listed, expected) => {
    expect(parametersOf(request, info(listed)).extensions).toEqual(new Map(expected));
  });

  test('extensions nobody asked for are not sent', () => {
    const plain = { ...request, hmacSecret: false, credProtect: null };
    expect(makeCredentialRequest(parametersOf(plain, info(['hmac-secret', 'credProtect']))).has(6)).toBe(false);
  });

  test.each<[CredentialRequest['credProtect'], readonly string[], boolean]>([
    [null, [], false],
    [{ level: 1, enforced: true }, [], false],
    [{ level: 2, enforced: false }, [], false],
    [{ level: 2, enforced: true }, [], true],
    [{ level: 3, enforced: true }, [], true],
    [{ level: 3, enforced: true }, ['credProtect'], false],
  ])('protection %j with %j: lacking is %s', (credProtect, listed, lacking) => {
    expect(lacksCredProtect({ ...request, credProtect }, info(listed))).toBe(lacking);
  });

  test('names are cut to 64 bytes between characters, the id never', () => {
    const user = { id: new Uint8Array(64).fill(3), name: `${'x'.repeat(63)}é`, displayName: '😀'.repeat(20) };
    expect(parametersOf({ ...request, user }, info([])).user).toEqual({
      id: new Uint8Array(64).fill(3),
      name: 'x'.repeat(63),
      displayName: '😀'.repeat(16),
    });
  });

  test.each([
    ['', 4, ''],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abcd'],
    ['aéé', 3, 'aé'],
    ['aéé', 4, 'aé'],
    ['€€', 5, '€'],
    ['😀😀', 7, '😀'],
    ['😀', 3, ''],
  ])('%j in %i bytes is %j', (text, maxBytes, expected) => {
    expect(cutToBytes(text, maxBytes)).toBe(expected);
  });
});

describe('PINs', () => {
  const pin = (text: string): Uint8Array => new TextEncoder().encode(text);
  const lengths = { minPinLength: 4, maxPinLength: 63 };

  test.each<[string, Uint8Array, typeof lengths, string | undefined]>([
    ['four digits', pin('1234'), lengths, undefined],
    ['three', pin('123'), lengths, 'tooShort'],
    ['none', pin(''), lengths, 'tooShort'],
    ['three euro signs: nine bytes, three code points', pin('€€€'), lengths, 'tooShort'],
    ['four euro signs', pin('€€€€'), lengths, undefined],
    ['five where six are wanted', pin('12345'), { minPinLength: 6, maxPinLength: 63 }, 'tooShort'],
    ['63 bytes', pin('x'.repeat(63)), lengths, undefined],
    ['64 bytes', pin('x'.repeat(64)), lengths, 'tooLong'],
    ['22 euro signs: 66 bytes', pin('€'.repeat(22)), lengths, 'tooLong'],
    ['nine where eight are allowed', pin('123456789'), { minPinLength: 4, maxPinLength: 8 }, 'tooLong'],
    ['a zero at the end', Uint8Array.of(49, 50, 51, 0), lengths, 'endsInZero'],
    ['a zero inside', Uint8Array.of(49, 0, 51, 52), lengths, undefined],
    ['a lone continuation byte', Uint8Array.of(49, 50, 51, 0x80), lengths, 'notText'],
    ['a character cut short', Uint8Array.of(49, 50, 51, 0xe2, 0x82), lengths, 'notText'],
    ['an overlong form', Uint8Array.of(49, 50, 51, 0xc0, 0x80), lengths, 'notText'],
    ['an overlong form of three', Uint8Array.of(49, 50, 51, 0xe0, 0x80, 0x80), lengths, 'notText'],
    ['an encoded surrogate', Uint8Array.of(49, 50, 51, 0xed, 0xa0, 0x80), lengths, 'notText'],
    ['beyond Unicode', Uint8Array.of(49, 50, 51, 0xf4, 0x90, 0x80, 0x80), lengths, 'notText'],
    ['four emoji', pin('😀😀😀😀'), lengths, undefined],
  ])('%s', (_name, bytes, given, fault) => {
    expect(newPinFault(bytes, given)).toBe(fault);
  });

  test('text is told from other bytes just as a strict decoder does', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    const accepts = (bytes: Uint8Array): boolean => {
      try {
        strict.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const tail = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let lead = 0; lead < 256; lead += 1) {
      for (const second of tail) {
        for (const more of [[], [0x80], [0x80, 0x80], [0x41], [0x80, 0x41]]) {
          const bytes = Uint8Array.of(lead, second, ...more, 0x31);
          expect(newPinFault(bytes, { minPinLength: 1, maxPinLength: 63 }) !== 'notText').toBe(accepts(bytes));
        }
      }
    }
  });

  test('an existing PIN is only refused where it can be none', () => {
    expect(
      [pin('123'), pin('1234'), pin('x'.repeat(63)), pin('x'.repeat(64)), Uint8Array.of(1, 2, 3, 0)].map(enteredPinFault),
    ).toEqual(['tooShort', undefined, undefined, 'tooLong', 'endsInZero']);
  });

  test('padding and hash', () => {
    expect(hex(padPin(pin('1234')))).toBe(`31323334${'00'.repeat(60)}`);
    // SHA-256("1234") = 03ac674216f3e15c761ee1a5e255f067…
    expect(hex(hashPin(pin('1234')))).toBe('03ac674216f3e15c761ee1a5e255f067');
  });
});
