// The key bench inside the guest: our client over node-hid, its own frames without it, python3-fido2 and libfido2's tools, all
// on hidraw devices whose keys live in another process. Leaves one JSON file; scripts/bench-key.mjs makes sense of it.
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { nodeHidBackend } from '../../main/adapters/key-hid/hid-backend.ts';
import { NodeHidLink } from '../../main/adapters/key-hid/node-hid-link.ts';
import { CtapHidChannel, STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import type { KeysOrder, KeysThere } from './key-devices.ts';
import { pythonRounds, toolRound } from './key-peers.ts';
import { PINGS, STEPS, tellStory, type Step, type StepTimes } from './key-story.ts';
import { RecordingLink, exchangeAgain } from './raw-exchange.ts';

const [devicesFile, pythonScript, outFolder, roundsText] = process.argv.slice(2);
if (devicesFile === undefined || pythonScript === undefined || outFolder === undefined || roundsText === undefined) {
  throw new Error('usage: key-guest DEVICES PYTHON-SCRIPT OUT ROUNDS');
}
const rounds = Number(roundsText);
const WARM_UP_ROUNDS = 4;
const MANY = 10;
/** A person's touch, in the time of a machine that is emulated. */
const TOUCH_MS = 3_000;
/** The keys' processor is emulated: they may take their time. */
const timing = { ...STANDARD_TIMING, responseTimeoutMs: 60_000, cancelTimeoutMs: 30_000 };
const signal = new AbortController().signal;

const devices = fork(devicesFile, {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  execArgv: [],
  // Every kernel device there keeps one of libuv's threads in a read.
  env: { ...process.env, UV_THREADPOOL_SIZE: String(2 * MANY) },
});

function keys(order: KeysOrder): Promise<KeysThere['paths']> {
  devices.send(order);
  return new Promise((resolve) => devices.once('message', (there) => resolve((there as KeysThere).paths)));
}

async function oneKey(): Promise<string> {
  const [device] = await keys({ keys: 1, touchAfterMs: 0 });
  if (device === undefined) throw new Error('there is no key');
  return device;
}

const none = () => Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>;

/** Ours on a fresh key, then the same frames on another of the same seed. */
async function besideItsFrames(): Promise<{ readonly ours: StepTimes; readonly raw: StepTimes }> {
  const randomBytes = seededRandomBytes('desk of the bench');
  const link = new RecordingLink(await NodeHidLink.open(nodeHidBackend, await oneKey()));
  const channel = await CtapHidChannel.open(link, { clock: nodeSurroundings.clock, randomBytes }, { signal, timing });
  const ours = none();
  await tellStory(channel, randomBytes, async (step, work) => {
    link.step = step;
    const startedMs = performance.now();
    await work();
    ours[step] = performance.now() - startedMs;
    link.step = 'between';
  });
  await channel.close();
  const again = await exchangeAgain(await oneKey(), link.exchanges);
  const raw = none();
  for (const step of STEPS) raw[step] = again.get(step) ?? Number.NaN;
  return { ours, raw };
}

/** So many keys at once, each with its own channel: the milliseconds until all have done it. */
async function together(paths: readonly string[], work: (channel: CtapHidChannel) => Promise<unknown>): Promise<number> {
  const channels = await Promise.all(
    paths.map(async (device) => {
      const link = await NodeHidLink.open(nodeHidBackend, device);
      return CtapHidChannel.open(link, nodeSurroundings, { signal, timing });
    }),
  );
  const startedMs = performance.now();
  await Promise.all(channels.map(work));
  const tookMs = performance.now() - startedMs;
  await Promise.all(channels.map((channel) => channel.close()));
  return tookMs;
}

const registration = (channel: CtapHidChannel): Promise<void> =>
  tellStory(channel, nodeSurroundings.randomBytes, async (_step, work) => void (await work()));
const pings = async (channel: CtapHidChannel): Promise<void> => {
  for (let count = 0; count < PINGS; count += 1) await channel.ping(new Uint8Array(1_024), { signal });
};

/** Everybody in turn, so that all meet the same load. python3-fido2 says everything twice, and the second time counts. */
async function oneRound(script: string) {
  // A new one each time: what is paused tells of its pause as well.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { ours, raw } = await besideItsFrames();
  delay.disable();
  const key = await oneKey();
  const [, python] = await pythonRounds(script, key, 2, PINGS);
  const eventLoop = { longestMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6 };
  return { ours, raw, python: python ?? none(), tools: await toolRound(key), eventLoop };
}

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < count; round += 1) results.push(await work());
  return results;
}

// Warm, as the desk's key host is that has seen a key before: emulated code takes its time to be compiled.
await times(WARM_UP_ROUNDS, besideItsFrames);
const measured = await times(rounds, () => oneRound(pythonScript));
console.log('# one key: done');
const one = await together(await keys({ keys: 1, touchAfterMs: TOUCH_MS }), registration);
const many = await together(await keys({ keys: MANY, touchAfterMs: TOUCH_MS }), registration);
const onePing = await together(await keys({ keys: 1, touchAfterMs: 0 }), pings);
const manyPings = await together(await keys({ keys: MANY, touchAfterMs: 0 }), pings);
console.log('# ten keys: done');

const result = {
  rounds: measured,
  many: { keys: MANY, touchMs: TOUCH_MS, registrations: { one, many }, pings: { one: onePing, many: manyPings } },
};
export type KeyBenchResult = typeof result;
await writeFile(path.join(outFolder, 'key.json'), JSON.stringify(result));
devices.disconnect();
process.exit(0);
