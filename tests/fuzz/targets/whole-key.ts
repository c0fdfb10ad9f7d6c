// Whole operations on a key that answers whatever the input says, request after request, and for ever if it says so. It
// begins with what a virtual key answered to the same operation under the same random numbers, so that agreements, tokens
// and signatures come out right until something in them is changed.
import { CtapHidChannel } from '../../../main/fido/hid/channel.ts';
import type { OperationCall, SecurityKeyChannel } from '../../../main/fido/key/operation.ts';
import { SecurityKey } from '../../../main/fido/key/security-key.ts';
import { TRAINING_KEYS } from '../../../main/simulator/key/training-keys.ts';
import { keyBench } from '../../support/key-bench.ts';
import { make, openClient, pinBytes } from '../../support/key-client.ts';
import { seededRandomBytes } from '../../support/seeded-random.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { QuickClock } from '../engine/quick-clock.ts';
import { ANSWER_ERRORS, promise, unlessRejected } from './promises.ts';

const PIN = '271828';
const RP_ID = 'login.example';
const hash = new Uint8Array(32).fill(1);
const manyIds = Array.from({ length: 20 }, (_, index) => new Uint8Array(64).fill(index));
const user = { id: Uint8Array.of(1), name: 'person@example', displayName: 'A Person' };

type Operation = (key: SecurityKey, call: OperationCall) => Promise<unknown>;

const credentialRequest = {
  clientDataHash: hash,
  rp: { id: RP_ID, name: 'Example' },
  user,
  algorithms: [-7, -8],
  hmacSecret: true,
  credProtect: { level: 2, enforced: false },
} as const;

/** By the input's first byte. New ones go to the end, or what was found becomes something else. */
const OPERATIONS: readonly Operation[] = [
  (key, call) => key.describe(call),
  (key, call) => key.setPin(pinBytes(PIN), call),
  (key, call) => key.changePin({ oldPin: pinBytes(PIN), newPin: pinBytes('314159') }, call),
  (key, call) => key.makeCredential({ ...credentialRequest, excludeCredentialIds: [] }, pinBytes(PIN), call),
  (key, call) => key.makeCredential({ ...credentialRequest, excludeCredentialIds: manyIds }, pinBytes(PIN), call),
  (key, call) => key.getAssertions({ rpId: RP_ID, clientDataHash: hash, allowCredentialIds: [] }, pinBytes(PIN), call),
  (key, call) =>
    key.getAssertions({ rpId: RP_ID, clientDataHash: hash, allowCredentialIds: manyIds, hmacSalts: [hash] }, pinBytes(PIN), call),
  (key, call) => key.attest(call),
  (key, call) => key.select(call),
  (key, call) => key.likeness(call),
  (key, call) => key.identity(pinBytes(PIN), call),
  (key, call) => key.reset(call),
  (key, call) => key.sensorRetries(call),
  (key, call) => key.credentials.count(pinBytes(PIN), call),
  (key, call) => key.credentials.list(pinBytes(PIN), call),
  (key, call) => key.credentials.remove(hash, pinBytes(PIN), call),
  (key, call) => key.credentials.updateUser({ credentialId: hash, user }, pinBytes(PIN), call),
  (key, call) => key.fingerprints.sensor(call),
  (key, call) => key.fingerprints.list(pinBytes(PIN), call),
  (key, call) => key.fingerprints.enrol('thumb', pinBytes(PIN), call),
  (key, call) => key.fingerprints.rename({ templateId: hash, name: 'thumb' }, 'sensor', call),
  (key, call) => key.fingerprints.remove(hash, 'sensor', call),
  (key, call) => key.settings.setMinPinLength({ newMinPinLength: 6, rpIds: [RP_ID], forceChangePin: true }, pinBytes(PIN), call),
  (key, call) => key.settings.setAlwaysUv(true, pinBytes(PIN), call),
  (key, call) => key.settings.enableEnterpriseAttestation(pinBytes(PIN), call),
  (key, call) => key.settings.enableLongTouchForReset(pinBytes(PIN), call),
  (key, call) => key.makeCredential({ ...credentialRequest, excludeCredentialIds: [] }, 'sensor', call),
  (key, call) => key.makeCredential({ ...credentialRequest, excludeCredentialIds: manyIds }, 'sensor', call),
  (key, call) => key.getAssertions({ rpId: RP_ID, clientDataHash: hash, allowCredentialIds: manyIds }, 'sensor', call),
];

/** The one that wants a key without a PIN. */
const SET_PIN = 1;
/** When the answers are used up: this bit begins again with the first, for ever; without it the key knows no more commands. */
const FOR_EVER = 0x80;
const NO_MORE = Uint8Array.of(0x01);
/** Two lists of two thousand, and what is around them. */
const MOST_REQUESTS = 5_000;

export const wholeKey: FuzzTarget = {
  name: 'whole-key',
  seeds: recordedOperations,
  maxBytes: 4_096,
  slice: 2_000,
  budget: { steps: 8_000_000, bytes: 80_000_000, perByte: 4_000 },
  run: async (input) => {
    const [head = 0] = input;
    const operation = OPERATIONS[(head & ~FOR_EVER) % OPERATIONS.length];
    const answers = answersOf(input.subarray(1));
    let requests = 0;
    const answer = (): Promise<Uint8Array> => {
      const found = answers[(head & FOR_EVER) === 0 ? requests : requests % Math.max(1, answers.length)] ?? NO_MORE;
      requests += 1;
      promise(requests <= MOST_REQUESTS, 'no key keeps us busy for ever');
      return Promise.resolve(found);
    };
    const channel: SecurityKeyChannel = {
      device: DEVICE,
      maxMessageBytes: 7_609,
      cbor: answer,
      msg: answer,
      distrust: () => undefined,
    };
    const key = new SecurityKey(channel, { clock: new QuickClock(), randomBytes: seededRandomBytes(RANDOM) });
    await unlessRejected(ANSWER_ERRORS, Promise.resolve(operation?.(key, { signal: new AbortController().signal })));
  },
};

const RANDOM = 'whole key';
const DEVICE = {
  channelId: 1,
  protocolVersion: 2,
  version: { major: 5, minor: 4, build: 3 },
  capabilities: 4,
  canWink: false,
  canCbor: true,
  canMsg: false,
} as const;

/** Each answer with its length before it, two bytes. */
function answersOf(bytes: Uint8Array): readonly Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    answers.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return answers;
}

async function recordedOperations(): Promise<readonly Uint8Array[]> {
  const inputs: Uint8Array[] = [];
  for (const { model } of [TRAINING_KEYS.modern, TRAINING_KEYS.ctap20]) {
    for (const [index, operation] of OPERATIONS.entries()) {
      const input = await recordedOperation(model, index, operation);
      inputs.push(input, Uint8Array.from([index | FOR_EVER, ...input.subarray(1)]));
    }
  }
  return inputs;
}

async function recordedOperation(
  model: typeof TRAINING_KEYS.modern.model,
  index: number,
  operation: Operation,
): Promise<Uint8Array> {
  const memory = index === SET_PIN ? {} : { pin: PIN };
  const bench = await keyBench({ model, memory }, { seed: 'whole key' });
  bench.key.autoTouch(10);
  if ('pin' in memory) {
    const client = await openClient(bench, bench.link);
    await make(client, PIN);
  }
  const link = await bench.replug();
  const { clock, surroundings } = bench;
  const channel = await clock.runUntil(CtapHidChannel.open(link, surroundings, { signal: new AbortController().signal }));
  const parts: number[] = [index];
  const recording: SecurityKeyChannel = {
    device: channel.device,
    maxMessageBytes: channel.maxMessageBytes,
    cbor: async (request, call) => {
      const answer = await channel.cbor(request, call);
      parts.push(answer.length >> 8, answer.length & 0xff, ...answer);
      return answer;
    },
    msg: (apdu, call) => channel.msg(apdu, call),
    distrust: () => channel.distrust(),
  };
  const key = new SecurityKey(recording, { clock, randomBytes: seededRandomBytes(RANDOM) });
  await clock.runUntil(unlessRejected(ANSWER_ERRORS, operation(key, { signal: new AbortController().signal })));
  await clock.runUntil(channel.close());
  return Uint8Array.from(parts);
}
