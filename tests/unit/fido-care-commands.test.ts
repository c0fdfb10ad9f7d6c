// The commands of key care, to the byte: what goes out, what is authenticated, what comes of answers of every shape.
import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  enableEnterpriseAttestation,
  enableLongTouchForReset,
  setMinPinLength,
  toggleAlwaysUv,
} from '../../main/fido/ctap/authenticator-config.ts';
import {
  cancelCurrentEnrollment,
  enrollBegin,
  enrollCaptureNextSample,
  enumerateEnrollments,
  getFingerprintSensorInfo,
  removeEnrollment,
  setFriendlyName,
} from '../../main/fido/ctap/bio-enrollment.ts';
import { agreeOnSecret } from '../../main/fido/ctap/client-pin.ts';
import {
  deleteCredential,
  enumerateCredentialsBegin,
  enumerateCredentialsGetNext,
  enumerateRpsBegin,
  enumerateRpsGetNext,
  getCredsMetadata,
  updateUserInformation,
} from '../../main/fido/ctap/credential-management.ts';
import { hmacSecretInput, openHmacSecretOutput } from '../../main/fido/ctap/hmac-secret.ts';
import { PinUvAuthToken, pinUvProtocol, type PinUvProtocolVersion } from '../../main/fido/ctap/pin-uv-protocol.ts';
import { selectByRefusal } from '../../main/fido/ctap/selection.ts';
import type { HidCall } from '../../main/fido/hid/channel.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { ScriptedAuthenticator, okay } from '../support/fido-scripted-authenticator.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const call: HidCall = { signal: new AbortController().signal };
const TOKEN = new Uint8Array(32).fill(0x42);
const token = (version: PinUvProtocolVersion): PinUvAuthToken =>
  new PinUvAuthToken(pinUvProtocol(version), Uint8Array.from(TOKEN));
const HASH = new Uint8Array(32).fill(0xab);
const ID = Uint8Array.of(1, 2);
const DESCRIPTOR_HEX = 'a262696442010264747970656a7075626c69632d6b6579';

/** HMAC-SHA-256 as the specification has it for each protocol, made without the client. */
function macHex(version: PinUvProtocolVersion, messageHex: string): string {
  const mac = createHmac('sha256', TOKEN).update(Buffer.from(messageHex, 'hex')).digest();
  return hex(version === 1 ? mac.subarray(0, 16) : mac);
}
/** A byte string's head and content. */
const bytesHex = (contentHex: string): string => (contentHex.length === 32 ? `50${contentHex}` : `5820${contentHex}`);

function answering(answer: Uint8Array | ReadonlyMap<number, unknown> = Uint8Array.of(0)) {
  const asked: { request: string; resend: boolean | undefined }[] = [];
  return {
    asked,
    cbor: (request: Uint8Array, { resend }: HidCall) => {
      asked.push({ request: hex(request), resend });
      return Promise.resolve(answer instanceof Uint8Array ? answer : okay(answer));
    },
  };
}

describe.each([1, 2] as const)('requests under protocol %i', (version) => {
  const sent = async (
    run: (transport: ReturnType<typeof answering>) => Promise<unknown>,
    answer?: ReadonlyMap<number, unknown>,
  ) => {
    const transport = answering(answer);
    await run(transport);
    return transport.asked[0]?.request;
  };
  const protocol = `030${version}`;
  const management = { command: 'credentialManagement', token: token(version) } as const;
  const preview = { command: 'credentialManagementPreview', token: token(version) } as const;
  const bio = { command: 'bioEnrollment', token: token(version) } as const;
  const rp = new Map<number, unknown>([[3, new Map([['id', 'a']])]]);
  const credential = new Map<number, unknown>([
    [6, new Map([['id', ID]])],
    [7, new Map([['id', ID]])],
  ]);
  const sample = new Map<number, unknown>([
    [4, ID],
    [5, 0],
    [6, 2],
  ]);

  test('credentialManagement authenticates sub-command and parameters', async () => {
    const counts = new Map([
      [1, 1],
      [2, 2],
    ]);
    expect(await sent((key) => getCredsMetadata(key, management, call), counts)).toBe(
      `0aa30101${protocol}04${bytesHex(macHex(version, '01'))}`,
    );
    expect(await sent((key) => enumerateRpsBegin(key, preview, call), rp)).toBe(
      `41a30102${protocol}04${bytesHex(macHex(version, '02'))}`,
    );
    const hashParameter = `a1015820${hex(HASH)}`;
    expect(await sent((key) => enumerateCredentialsBegin(key, management, HASH, call), credential)).toBe(
      `0aa4010402${hashParameter}${protocol}04${bytesHex(macHex(version, `04${hashParameter}`))}`,
    );
    const target = `a102${DESCRIPTOR_HEX}`;
    expect(await sent((key) => deleteCredential(key, preview, ID, call))).toBe(
      `41a4010602${target}${protocol}04${bytesHex(macHex(version, `06${target}`))}`,
    );
    const user = { id: ID, name: 'n', displayName: 'd' };
    const update = `a202${DESCRIPTOR_HEX}03a3626964420102646e616d65616e6b646973706c61794e616d656164`;
    expect(await sent((key) => updateUserInformation(key, management, { credentialId: ID, user }, call))).toBe(
      `0aa4010702${update}${protocol}04${bytesHex(macHex(version, `07${update}`))}`,
    );
  });

  test('the next of an enumeration carries nothing, and is never sent twice by itself', async () => {
    const transport = answering(rp);
    await enumerateRpsGetNext(transport, management, call);
    const other = answering(credential);
    await enumerateCredentialsGetNext(other, preview, call);
    expect([...transport.asked, ...other.asked]).toEqual([
      { request: '0aa10103', resend: false },
      { request: '41a10105', resend: false },
    ]);
  });

  test('bioEnrollment authenticates modality, sub-command and parameters', async () => {
    const begin = `0${version}05${bytesHex(macHex(version, '0101'))}`;
    expect(await sent((key) => enrollBegin(key, bio, call), sample)).toBe(`09a40101020104${begin}`);
    const template = 'a101420102';
    expect(await sent((key) => enrollCaptureNextSample(key, bio, ID, call), sample)).toBe(
      `09a50101020203${template}040${version}05${bytesHex(macHex(version, `0102${template}`))}`,
    );
    expect(await sent((key) => enumerateEnrollments(key, bio, call), new Map())).toBe(
      `09a401010204040${version}05${bytesHex(macHex(version, '0104'))}`,
    );
    const named = 'a20142010202616e';
    expect(await sent((key) => setFriendlyName(key, bio, { templateId: ID, name: 'n' }, call))).toBe(
      `09a50101020503${named}040${version}05${bytesHex(macHex(version, `0105${named}`))}`,
    );
    expect(await sent((key) => removeEnrollment(key, { ...bio, command: 'bioEnrollmentPreview' }, ID, call))).toBe(
      `40a50101020603${template}040${version}05${bytesHex(macHex(version, `0106${template}`))}`,
    );
  });

  test('sensor and cancel need no token', async () => {
    expect(await sent((key) => getFingerprintSensorInfo(key, 'bioEnrollment', call), new Map())).toBe('09a201010207');
    expect(await sent((key) => cancelCurrentEnrollment(key, 'bioEnrollmentPreview', call))).toBe('40a201010203');
  });

  test('authenticatorConfig authenticates 32 bytes FF, its number, sub-command and parameters', async () => {
    const head = `${'ff'.repeat(32)}0d`;
    const plain = (sub: string): string => `0da301${sub}${protocol}04${bytesHex(macHex(version, `${head}${sub}`))}`;
    expect(await sent((key) => enableEnterpriseAttestation(key, token(version), call))).toBe(plain('01'));
    expect(await sent((key) => toggleAlwaysUv(key, token(version), call))).toBe(plain('02'));
    expect(await sent((key) => enableLongTouchForReset(key, token(version), call))).toBe(plain('04'));
    const all = { newMinPinLength: 6, rpIds: ['a'], forceChangePin: true, pinComplexityPolicy: false };
    const parameters = 'a401060281616103f504f4';
    expect(await sent((key) => setMinPinLength(key, token(version), all, call))).toBe(
      `0da4010302${parameters}${protocol}04${bytesHex(macHex(version, `${head}03${parameters}`))}`,
    );
    expect(await sent((key) => setMinPinLength(key, token(version), { forceChangePin: true }, call))).toBe(
      `0da4010302a103f5${protocol}04${bytesHex(macHex(version, `${head}03a103f5`))}`,
    );
  });
});

test('what can be undone by repeating is never repeated', async () => {
  const transport = answering();
  await toggleAlwaysUv(transport, token(2), call);
  expect(transport.asked).toMatchObject([{ resend: false }]);
});

describe('answers', () => {
  const management = { command: 'credentialManagement', token: token(2) } as const;
  const bio = { command: 'bioEnrollment', token: token(2) } as const;

  test('a relying party with all, and with hardly anything', async () => {
    const full = new Map<number, unknown>([
      [
        3,
        new Map([
          ['id', 'a.example'],
          ['name', 'A'],
        ]),
      ],
      [4, HASH],
      [5, 3],
    ]);
    expect(await enumerateRpsBegin(answering(full), management, call)).toEqual({
      rpId: 'a.example',
      rpName: 'A',
      rpIdHash: HASH,
      total: 3,
    });
    const nothing = { rpId: undefined, rpName: undefined, rpIdHash: undefined, total: undefined };
    expect(await enumerateRpsGetNext(answering(new Map()), management, call)).toEqual(nothing);
  });

  test('a credential with all, and with the least', async () => {
    const full = new Map<number, unknown>([
      [
        6,
        new Map<string, unknown>([
          ['id', ID],
          ['name', 'n'],
          ['displayName', 'd'],
        ]),
      ],
      [
        7,
        new Map<string, unknown>([
          ['id', ID],
          ['type', 'public-key'],
          ['transports', ['usb']],
        ]),
      ],
      [8, new Map([[1, 2]])],
      [9, 4],
      [10, 3],
      [11, HASH],
      [12, false],
    ]);
    expect(await enumerateCredentialsBegin(answering(full), management, HASH, call)).toEqual({
      user: { id: ID, name: 'n', displayName: 'd' },
      credentialId: ID,
      publicKey: new Map([[1, 2]]),
      total: 4,
      credProtect: 3,
      hasLargeBlobKey: true,
      thirdPartyPayment: false,
    });
    const least = new Map<number, unknown>([
      [6, new Map([['id', ID]])],
      [7, new Map([['id', ID]])],
    ]);
    expect(await enumerateCredentialsGetNext(answering(least), management, call)).toEqual({
      user: { id: ID, name: undefined, displayName: undefined },
      credentialId: ID,
      publicKey: undefined,
      total: undefined,
      credProtect: undefined,
      hasLargeBlobKey: false,
      thirdPartyPayment: undefined,
    });
  });

  test.each<[string, Map<number, unknown>]>([
    ['no user', new Map([[7, new Map([['id', ID]])]])],
    ['no id', new Map([[6, new Map([['id', ID]])]])],
    [
      'text for an id',
      new Map([
        [6, new Map<string, unknown>([['id', ID]])],
        [7, new Map<string, unknown>([['id', 'x']])],
      ]),
    ],
  ])('a credential with %s is a violation', async (_name, answer) => {
    await expect(enumerateCredentialsGetNext(answering(answer), management, call)).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test('counts that are none are a violation', async () => {
    for (const answer of [
      new Map(),
      new Map([[1, 1]]),
      new Map([
        [1, -1],
        [2, 3],
      ]),
    ]) {
      await expect(getCredsMetadata(answering(answer), management, call)).rejects.toBeInstanceOf(ProtocolViolation);
    }
  });

  test.each(
    [
      'good',
      'tooHigh',
      'tooLow',
      'tooLeft',
      'tooRight',
      'tooFast',
      'tooSlow',
      'poorQuality',
      'tooSkewed',
      'tooShort',
      'mergeFailure',
      'alreadyEnrolled',
      'databaseFull',
      'noActivity',
      'notReleased',
      'other',
      'other',
    ].map((status, number) => [number, status] as const),
  )('sample status %i is %s', async (number, status) => {
    const answer = new Map([
      [5, number],
      [6, 4],
    ]);
    expect(await enrollCaptureNextSample(answering(answer), bio, ID, call)).toEqual({ status, remainingSamples: 4 });
  });

  test('a begin without a template, a sample without a count', async () => {
    const noTemplate = new Map([
      [5, 0],
      [6, 1],
    ]);
    await expect(enrollBegin(answering(noTemplate), bio, call)).rejects.toBeInstanceOf(ProtocolViolation);
    await expect(enrollCaptureNextSample(answering(new Map([[5, 0]])), bio, ID, call)).rejects.toThrow('0x06');
  });

  test.each([
    [1, 'touch'],
    [2, 'swipe'],
    [3, 'other'],
  ])('a sensor of kind %i is %s', async (number, kind) => {
    const answer = new Map([
      [1, 1],
      [2, number],
      [3, 5],
      [8, 32],
    ]);
    expect(await getFingerprintSensorInfo(answering(answer), 'bioEnrollment', call)).toEqual({
      kind,
      maxSamples: 5,
      maxNameBytes: 32,
    });
  });

  test('fingerprints with and without names', async () => {
    const infos = [
      new Map<number, unknown>([
        [1, ID],
        [2, 'left'],
      ]),
      new Map([[1, HASH]]),
    ];
    expect(await enumerateEnrollments(answering(new Map([[7, infos]])), bio, call)).toEqual([
      { templateId: ID, name: 'left' },
      { templateId: HASH, name: undefined },
    ]);
    expect(await enumerateEnrollments(answering(), bio, call)).toEqual([]);
  });
});

describe('a touch from keys that have no command for it', () => {
  test('is asked for by an empty PIN/UV parameter', async () => {
    const transport = answering(Uint8Array.of(0x31));
    await selectByRefusal(transport, { pinUvProtocol: 2 }, call);
    expect(transport.asked[0]?.request).toMatch(/^01a6.*08400902$/);
  });

  test.each([0x35, 0x31, 0x33])('status %i means: touched', async (status) => {
    await expect(selectByRefusal(answering(Uint8Array.of(status)), { pinUvProtocol: 1 }, call)).resolves.toBeUndefined();
  });

  test.each([0x2f, 0x2d, 0x27, 0x34, 0x01])('status %i does not', async (status) => {
    const asking = selectByRefusal(answering(Uint8Array.of(status)), { pinUvProtocol: 1 }, call);
    await expect(asking).rejects.toMatchObject({ status });
  });
});

describe.each([1, 2] as const)('hmac-secret under protocol %i', (version) => {
  const salt = new Uint8Array(32).fill(5);

  async function agreed() {
    const key = new ScriptedAuthenticator();
    return agreeOnSecret(key, { version, randomBytes: seededRandomBytes('hmac') }, call);
  }

  test('the input has our half, the salts and their MAC, and names the protocol unless it is the first', async () => {
    const secret = await agreed();
    const input = hmacSecretInput(secret, [salt, salt]);
    expect([...input.keys()]).toEqual(version === 1 ? [1, 2, 3] : [1, 2, 3, 4]);
    const saltEnc = input.get(2) as Uint8Array;
    expect(secret.decrypt(saltEnc)).toEqual(new Uint8Array(64).fill(5));
    expect(input.get(3)).toEqual(secret.authenticate(saltEnc));
    expect(input.get(1)).toBe(secret.platformKey);
  });

  test('the output is opened to one secret for each salt', async () => {
    const secret = await agreed();
    const sealed = secret.encrypt(Uint8Array.from({ length: 64 }, (_, index) => index));
    const [first, second] = openHmacSecretOutput(secret, sealed, 2);
    expect([first?.[0], first?.length, second?.[0], second?.length]).toEqual([0, 32, 32, 32]);
    expect(() => openHmacSecretOutput(secret, sealed, 1)).toThrow(ProtocolViolation);
    expect(() => openHmacSecretOutput(secret, sealed.subarray(1), 2)).toThrow(ProtocolViolation);
    expect(() => openHmacSecretOutput(secret, true, 1)).toThrow(ProtocolViolation);
  });

  test('a salt of another length is our own mistake', async () => {
    const secret = await agreed();
    expect(() => hmacSecretInput(secret, [new Uint8Array(31)])).toThrow(RangeError);
  });
});

test('getInfo fields under encryption are opened with HKDF and AES-128-CBC', () => {
  const identifier = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
  const iv = new Uint8Array(16).fill(9);
  const key = Buffer.from(hkdfSync('sha256', TOKEN, Buffer.alloc(32), 'encIdentifier', 16));
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  const sealed = Uint8Array.from([...iv, ...cipher.update(identifier), ...cipher.final()]);
  expect(token(2).openInfoField('encIdentifier', sealed)).toEqual(identifier);
  expect(token(2).openInfoField('encCredStoreState', sealed)).not.toEqual(identifier);
});
