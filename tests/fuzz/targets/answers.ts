// What keys answer to CTAP2 commands.
import { asBytes, CborFields, isCborMap } from '../../../main/fido/bytes/cbor-read.ts';
import { agreeOnSecret, getPinRetries, getPinToken, getUvRetries } from '../../../main/fido/ctap/client-pin.ts';
import { getAssertion, getNextAssertion } from '../../../main/fido/ctap/get-assertion.ts';
import { getInfo, offeredPinUvProtocols } from '../../../main/fido/ctap/get-info.ts';
import { makeCredential } from '../../../main/fido/ctap/make-credential.ts';
import { PinUvSecret } from '../../../main/fido/ctap/pin-uv-protocol.ts';
import { seededRandomBytes } from '../../support/seeded-random.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { ANSWER_ERRORS, NEVER, answering, promise, unlessRejected } from './promises.ts';
import { answersTo } from './recorded.ts';

const budget = { steps: 4_000, bytes: 16_384, perByte: 60 };
const hash = new Uint8Array(32);

const isCount = (value: number | undefined): boolean => value === undefined || (Number.isSafeInteger(value) && value >= 0);

export const infoAnswer: FuzzTarget = {
  name: 'get-info',
  seeds: () => answersTo('getInfo'),
  maxBytes: 2_048,
  slice: 10_000,
  budget,
  run: async (input) => {
    const info = await unlessRejected(ANSWER_ERRORS, getInfo(answering(input), NEVER));
    if (info === undefined) return;
    promise(info.aaguid.length === 16, 'an AAGUID has 16 bytes');
    promise(
      [...info.options.values()].every((value) => typeof value === 'boolean'),
      'an option is on or off',
    );
    promise([info.maxMsgSize, info.minPinLength, info.maxPinLength].every(isCount), 'sizes are counts');
    promise(offeredPinUvProtocols(info).every(isCount), 'protocols are numbers');
    promise(info.encIdentifier === undefined || info.encIdentifier.length === 32, 'an identifier has 32 bytes');
    promise(
      (info.vendorPrototypeConfigCommands ?? []).every((value) => value >= 0n),
      'vendor commands are unsigned',
    );
    promise(isCborMap(info.raw) && new Set(info.oddities).size === info.oddities.length, 'every oddity is named once');
  },
};

export const madeAnswer: FuzzTarget = {
  name: 'make-credential',
  seeds: () => answersTo('makeCredential'),
  maxBytes: 2_048,
  slice: 10_000,
  budget,
  run: async (input) => {
    const request = { clientDataHash: hash, rp: { id: 'a.example' }, user: { id: Uint8Array.of(1) }, algorithms: [-7] };
    const made = await unlessRejected(ANSWER_ERRORS, makeCredential(answering(input), request, NEVER));
    if (made === undefined) return;
    promise(typeof made.format === 'string' && isCborMap(made.attestationStatement), 'format and statement are there');
    promise(made.authenticatorData instanceof Uint8Array, 'authenticator data is bytes');
  },
};

export const assertionAnswer: FuzzTarget = {
  name: 'get-assertion',
  seeds: () => answersTo('getAssertion'),
  maxBytes: 2_048,
  slice: 10_000,
  budget,
  run: async (input) => {
    const first = await unlessRejected(
      ANSWER_ERRORS,
      getAssertion(answering(input), { rpId: 'a.example', clientDataHash: hash }, NEVER),
    );
    const next = await unlessRejected(ANSWER_ERRORS, getNextAssertion(answering(input), NEVER));
    promise((first === undefined) === (next === undefined), 'both answers have one shape');
    if (first === undefined) return;
    promise(isCount(first.numberOfCredentials), 'a number of credentials is a count');
    promise(first.user === undefined || first.user.id instanceof Uint8Array, 'a user has an id');
  },
};

/** A first byte says what was asked; the rest is the answer. */
export const clientPinAnswer: FuzzTarget = {
  name: 'client-pin',
  seeds: async () =>
    (await answersTo('clientPin')).flatMap((answer) => [0, 1, 2, 3].map((what) => Uint8Array.of(what, ...answer))),
  maxBytes: 512,
  slice: 10_000,
  budget: { ...budget, steps: 8_000 },
  run: async (input) => {
    const answer = input.subarray(1);
    const version = (input[0] ?? 0) & 4 ? 1 : 2;
    switch ((input[0] ?? 0) & 3) {
      case 0: {
        const retries = await unlessRejected(ANSWER_ERRORS, getPinRetries(answering(answer), version, NEVER));
        promise(isCount(retries?.retriesLeft), 'tries left are a count');
        return;
      }
      case 1:
        promise(
          isCount(await unlessRejected(ANSWER_ERRORS, getUvRetries(answering(answer), version, NEVER))),
          'tries are a count',
        );
        return;
      case 2: {
        const agreement = agreeOnSecret(answering(answer), { version, randomBytes: seededRandomBytes('fuzz') }, NEVER);
        const secret = await unlessRejected(ANSWER_ERRORS, agreement);
        if (secret === undefined) return;
        const ourX = new CborFields(secret.platformKey, 'ours').required(-2, (value, path) => asBytes(value, path, 32));
        promise(
          ourX.some((byte) => byte !== 0),
          'our half is a point',
        );
        return;
      }
      default: {
        const token = await unlessRejected(ANSWER_ERRORS, getPinToken(answering(answer), sharedSecret(version), hash, NEVER));
        if (token) promise(token.authenticate(hash).length === (version === 1 ? 16 : 32), 'a token authenticates');
      }
    }
  },
};

const secrets = new Map<1 | 2, PinUvSecret>();

/** One agreement for all inputs: making one takes longer than reading an answer. */
function sharedSecret(version: 1 | 2): PinUvSecret {
  const known = secrets.get(version);
  if (known) return known;
  const half = {
    x: '0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168',
    y: 'd551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47',
  };
  const key = { kind: 'EC2', alg: -25, curve: 'P-256', x: Buffer.from(half.x, 'hex'), y: Buffer.from(half.y, 'hex') } as const;
  const secret = PinUvSecret.agree(version, key, seededRandomBytes('fuzz'));
  secrets.set(version, secret);
  return secret;
}
