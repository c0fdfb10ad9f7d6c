// What arrives at the key host's pipe, and what arrives from it: anything that a structured clone can carry.
import { trustsAnybody } from '../../support/key-host-desk.ts';
import { decodeCbor, encodeCbor, CborError } from '../../../main/fido/bytes/cbor.ts';
import { keyHostProtocolVersion } from '../../../main/keyhost/life-protocol.ts';
import { keyHostMessageSchema, keyRequestSchema } from '../../../main/keyhost/protocol.ts';
import { serveKeyHost } from '../../../main/keyhost/serve-key-host.ts';
import { seededRandomBytes } from '../../support/seeded-random.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { QuickClock } from '../engine/quick-clock.ts';
import { cborOf, plainOf } from './clones.ts';
import { promise, unless } from './promises.ts';

const INSERTION = 'abcdefghijklmnop';
const PIN = new TextEncoder().encode('271828');
const options = {
  rp: { id: 'login.example', name: 'Example' },
  user: { idB64u: 'AQID', name: 'a', displayName: 'A' },
  challengeB64u: 'Y2hhbGxlbmdl',
  algorithms: [-7],
  excludeCredentialIdsB64u: ['AQID'],
  hmacCreateSecret: true,
  credentialProtection: { level: 2, enforced: false },
  expiresAtMs: 1,
};
const ceremony = { id: 7, insertion: INSERTION, deadlineMs: 60_000 };
const REQUESTS: readonly object[] = [
  { verb: 'watch', id: 1 },
  { verb: 'describe', ...ceremony },
  { verb: 'setPin', ...ceremony, pin: PIN },
  { verb: 'changePin', ...ceremony, oldPin: PIN, newPin: PIN },
  { verb: 'makeCredential', ...ceremony, pin: PIN, options },
  { verb: 'prove', ...ceremony, pin: PIN, credentialIdB64u: 'AQID' },
  { verb: 'discard', ...ceremony, pin: PIN, credentialIdB64u: 'AQID' },
  { verb: 'select', id: 7, except: [INSERTION], deadlineMs: 60_000 },
  { verb: 'cancel', id: 2, target: 7 },
  { verb: 'forget', id: 3 },
];
const MESSAGES: readonly object[] = [
  { type: 'fact', fact: { type: 'key.inserted', key: { insertion: INSERTION } } },
  { type: 'progress', id: 7, progress: 'touchNeeded' },
  { type: 'outcome', id: 7, outcome: { ok: true, value: null } },
  { type: 'outcome', id: 7, outcome: { ok: false, reason: { code: 'key.removed', detail: { retriesLeft: 3 } } } },
  { type: 'cancelled', id: 7 },
  { type: 'unreadable', id: null },
];
const MAX_DEPTH = 8;
const asBytes = (message: object): Uint8Array => encodeCbor(cborOf(message), { maxDepth: MAX_DEPTH });

/** A host without keys: whatever it is sent, it answers what it can read once, and still answers the pulse afterwards. */
export const keyHostRequests: FuzzTarget = {
  name: 'key-host-requests',
  seeds: () => REQUESTS.map(asBytes),
  maxBytes: 2_048,
  slice: 1_500,
  budget: { steps: 20_000, bytes: 200_000, perByte: 400 },
  run: async (input) => {
    const message = messageOf(input);
    const pipe = new TestPipe();
    const clock = new QuickClock();
    const links = { watch: () => () => undefined, open: () => Promise.reject(new Error('there are no keys')) };
    const surroundings = { clock, randomBytes: seededRandomBytes('fuzz') };
    const serving = serveKeyHost({
      pipe,
      surroundings,
      openLinks: () => Promise.resolve({ links }),
      trustSources: trustsAnybody,
    });
    pipe.tell({
      channel: 'life',
      body: { type: 'start', version: keyHostProtocolVersion, links: 'virtual', rpId: 'login.example' },
    });
    const host = await serving;
    pipe.tell({ channel: 'key', body: message });
    pipe.tell(message);
    pipe.tell({ channel: 'life', body: { type: 'ping', beat: 3 } });
    await clock.advance(1_000);
    const answers = pipe.sent.flatMap(({ channel, body }) => (channel === 'key' ? [keyHostMessageSchema.parse(body)] : []));
    const isReadable = keyRequestSchema.safeParse(message).success;
    const endings = answers.filter(({ type }) => ['outcome', 'cancelled', 'unreadable'].includes(type));
    promise(endings.length === 1, 'every request ends once');
    promise((endings[0]?.type === 'unreadable') !== isReadable, 'what the schema takes is read');
    promise(
      pipe.sent.some(({ channel, body }) => channel === 'life' && isPong(body)),
      'the pulse goes on',
    );
    await host.close();
    await clock.advance(1_000);
    promise(clock.pendingWaits === 0, 'nothing is left waiting');
  },
};

/** The other side's reading: no message of any shape does more than fail to parse. */
export const keyHostAnswers: FuzzTarget = {
  name: 'key-host-answers',
  seeds: () => MESSAGES.map(asBytes),
  maxBytes: 2_048,
  slice: 8_000,
  budget: { steps: 20_000, bytes: 200_000, perByte: 400 },
  run: (input) => {
    const read = keyHostMessageSchema.safeParse(messageOf(input));
    if (!read.success) return;
    promise(keyHostMessageSchema.safeParse(structuredClone(read.data)).success, 'what was read reads again');
  },
};

interface Envelope {
  readonly channel: unknown;
  readonly body: unknown;
}

class TestPipe {
  readonly sent: Envelope[] = [];
  readonly #listeners = new Set<(message: unknown) => void>();

  post(message: unknown): void {
    this.sent.push(structuredClone(message) as Envelope);
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(message: unknown): void {
    for (const listener of [...this.#listeners]) listener(message);
  }
}

function isPong(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'beat' in body && body.beat === 3;
}

/** The input as CBOR, or as itself when it is none. */
function messageOf(input: Uint8Array): unknown {
  const value = unless([CborError], () => decodeCbor(input, { maxDepth: MAX_DEPTH }));
  return value === undefined ? input : plainOf(value);
}
