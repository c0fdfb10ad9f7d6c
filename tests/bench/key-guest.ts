// The key bench inside the guest: our client over node-hid, its own frames without it, python3-fido2 and libfido2's tools, all
// on hidraw devices whose keys live in another process. Leaves one JSON file; scripts/bench-key.mjs makes sense of it.
//   node key-guest.js <the devices' program> <the Python script> <the recordings> <out> <rounds>
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeHidBackend } from '../../main/adapters/key-hid/hid-backend.ts';
import { NodeHidLink } from '../../main/adapters/key-hid/node-hid-link.ts';
import { CtapHidChannel, STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { bareTokenCryptography, somePoint } from './bare-cryptography.ts';
import { holdConversation, REGISTRATIONS } from './hold-conversation.ts';
import type { KeysOrder, KeysThere } from './key-devices.ts';
import { pythonPeer, toolRound, type ToolTimes } from './key-peers.ts';
import { KeyStory, STEPS, type Step } from './key-story.ts';
import { RawPeer, RecordingBackend, type Exchange } from './raw-exchange.ts';
import { watchTurns } from './turn-times.ts';

const [devicesFile, pythonScript, recordings, outFolder, roundsText] = process.argv.slice(2);
if (!devicesFile || !pythonScript || !recordings || !outFolder || !roundsText) {
  throw new Error('usage: key-guest DEVICES PYTHON-SCRIPT RECORDINGS OUT ROUNDS');
}
const rounds = Number(roundsText);
/**
 * Everybody is measured as a process that has seen many keys: whole stories, and then many of the shortest exchanges, which
 * use the same code. The first ones cost Node several times as much, until it has compiled what is used often.
 */
const WARM_UP_ROUNDS = 30;
const WARM_UP_EXCHANGES = 300;
const SHORTEST: readonly Step[] = ['getInfo', 'PING of 57 bytes'];
const TOOL_ROUNDS = 5;
const MANY = 10;
/** The machine is emulated: keys may take their time. */
const timing = { ...STANDARD_TIMING, responseTimeoutMs: 60_000, cancelTimeoutMs: 30_000 };
const { signal } = new AbortController();

const devices = spawn(process.execPath, [devicesFile], {
  // Every kernel device there keeps one of libuv's threads in a read.
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, UV_THREADPOOL_SIZE: String(2 * MANY) },
});
devices.once('exit', (code) => {
  throw new Error(`the keys ended with code ${code}`);
});

function keys(order: KeysOrder): Promise<KeysThere['paths']> {
  devices.send(order);
  return new Promise((resolve) => devices.once('message', (there) => resolve((there as KeysThere).paths)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

type Side = 'ours' | 'raw' | 'python' | 'cryptography';
type Figures = Readonly<Record<Step, Readonly<Record<Side, number[]>>>>;

/** Step by step in turns, in changing order, so that other load hits all alike. Milliseconds. */
async function sideBySide(): Promise<{ readonly figures: Figures; readonly tools: readonly ToolTimes[] }> {
  const [ourKey = '', rawKey = '', pythonKey = ''] = await keys({ kind: 'computing', keys: 3 });
  const backend = new RecordingBackend(nodeHidBackend);
  const randomBytes = seededRandomBytes('desk of the bench');
  const link = await NodeHidLink.open(backend, ourKey);
  const channel = await CtapHidChannel.open(link, { clock: nodeSurroundings.clock, randomBytes }, { signal, timing });
  const story = new KeyStory(channel, randomBytes);
  const raw = await RawPeer.open(rawKey);
  await raw.say(backend.take());
  const python = pythonPeer(pythonScript ?? '', pythonKey);
  const [point, scalar, pin] = [somePoint(randomBytes(32)), randomBytes(32), new TextEncoder().encode(TRAINING_PIN)];

  /** What ours said and raw has not said yet, in order. */
  const unsaid: { readonly before: readonly Exchange[]; readonly step: readonly Exchange[] }[] = [];
  const sides: Record<Side, (step: Step) => Promise<number>> = {
    ours: async (step) => {
      await story.prepare(step);
      const before = backend.take();
      const tookMs = await timed(() => story.tell(step));
      unsaid.push({ before, step: backend.take() });
      return tookMs;
    },
    raw: async () => {
      const said = unsaid.shift();
      if (said === undefined) throw new Error('there is nothing to repeat');
      await raw.say(said.before);
      const tookMs = await timed(() => raw.say(said.step));
      raw.compare(said.step);
      return tookMs;
    },
    python: (step) => python.step(step),
    cryptography: async (step) => {
      if (step !== 'PIN token') return 0;
      return timed(async () => bareTokenCryptography(point, scalar, pin));
    },
  };
  const orders: readonly (readonly Side[])[] = [
    ['ours', 'raw', 'cryptography', 'python'],
    ['raw', 'python', 'cryptography', 'ours'],
    ['python', 'cryptography', 'ours', 'raw'],
  ];
  const figures: Figures = Object.fromEntries(
    STEPS.map((step) => [step, { ours: [], raw: [], python: [], cryptography: [] }]),
  ) as unknown as Record<Step, Record<Side, number[]>>;
  const everybody = async (steps: readonly Step[], times: number, counts: boolean): Promise<void> => {
    // Raw is one round behind, so that it can also be the first.
    for (const step of steps) await sides.ours(step);
    for (let round = 0; round < times; round += 1) {
      for (const step of steps) {
        for (const side of orders[round % orders.length] ?? []) {
          const tookMs = await sides[side](step);
          if (counts) figures[step][side].push(tookMs);
        }
      }
    }
    for (const step of steps) await sides.raw(step);
  };
  await everybody(STEPS, WARM_UP_ROUNDS, false);
  await everybody(SHORTEST, WARM_UP_EXCHANGES, false);
  await everybody(STEPS, rounds, true);
  await Promise.all([channel.close(), raw.close(), python.close()]);
  const tools: ToolTimes[] = [];
  for (let round = 0; round < TOOL_ROUNDS; round += 1) tools.push(await toolRound(pythonKey));
  return { figures, tools };
}

/** So many players at once: the milliseconds until all have told their whole conversation. */
async function together(count: number): Promise<number> {
  const paths = await keys({ kind: 'playing', file: recordings ?? '', keys: count });
  const links = await Promise.all(paths.map((device) => NodeHidLink.open(nodeHidBackend, device)));
  return timed(() => Promise.all(links.map((link, index) => holdConversation(link, index))));
}

const { figures, tools } = await sideBySide();
console.log('# one key: done');
const one = await together(1);
const turns = watchTurns();
const many = await together(MANY);
const eventLoop = turns.stop();
console.log('# ten keys: done');

const result = { figures, tools, many: { keys: MANY, registrations: REGISTRATIONS, oneMs: one, manyMs: many }, eventLoop };
export type KeyBenchResult = typeof result;
await writeFile(path.join(outFolder, 'key.json'), JSON.stringify(result));
devices.removeAllListeners('exit');
devices.disconnect();
process.exit(0);
