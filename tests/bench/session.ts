// The desk's machines without a desk: stays from the first touch to the wipe, with effects that answer at once. How many steps
// a second, and what it costs to make a picture of a step, beside what it costs to write that picture down as JSON.
//   node session.js <seconds to measure>
import { fromCallback, fromPromise } from 'xstate';
import type { Intent } from '../../contract/intent.ts';
import type { ScreenKind, Snapshot } from '../../contract/snapshot.ts';
import type { Effects } from '../../main/session/effect.ts';
import { project, type FlowSnapshot, type StaySnapshot } from '../../main/session/project.ts';
import { startSession } from '../../main/session/session.ts';
import { accountFacts, answersOf, keyA, passFacts, stayInput } from '../support/session-samples.ts';

interface Step {
  readonly stay: StaySnapshot;
  readonly flow: FlowSnapshot | null;
  readonly picture: Snapshot;
}

const [seconds = '1'] = process.argv.slice(2);
const measureMs = Number(seconds) * 1_000;
const nobodyWaits = 10_000;

const answers: Readonly<Record<string, readonly unknown[]>> = {
  ...answersOf,
  redeem: [{ ok: true, value: { ...accountFacts, pass: { ...passFacts, endsAtMs: 10_000_000 } } }],
};
const effects = Object.fromEntries(
  Object.entries(answers).map(([name, [first]]) => [
    name,
    first === undefined ? fromCallback(() => undefined) : fromPromise(() => Promise.resolve(first)),
  ]),
) as unknown as Effects;

let steps = 0;
let kept: Step[] | null = [];
const session = startSession({ input: stayInput, effects, clock: { setTimeout: () => 0, clearTimeout: () => undefined } });
session.onChange((picture) => {
  steps += 1;
  kept?.push({ ...session.state(), picture });
});

await oneStay();
const walked: readonly Step[] = kept;
kept = null;
await stayFor(measureMs / 4);
const { elapsedMs, done } = await stayFor(measureMs);
const projectMs = costOf(() => walked.map(({ stay, flow }) => project(stay, flow)));
const stringifyMs = costOf(() => walked.map(({ picture }) => JSON.stringify(picture)));
session.stop();
process.stdout.write(
  `${JSON.stringify({ stepsPerStay: walked.length, stepsPerSecond: (done * 1_000) / elapsedMs, projectMs: projectMs / walked.length, stringifyMs: stringifyMs / walked.length })}\n`,
);

async function stayFor(ms: number): Promise<{ readonly elapsedMs: number; readonly done: number }> {
  const before = steps;
  const startedMs = performance.now();
  while (performance.now() - startedMs < ms) await oneStay();
  return { elapsedMs: performance.now() - startedMs, done: steps - before };
}

/** One person who brings a fresh key and no phone. */
async function oneStay(): Promise<void> {
  const pin = (ticket: number) => {
    for (const count of [1, 2, 3, 4, 5, 6])
      session.tell({ type: 'pinFact.edited', count, rules: [], ready: count === 6, notice: null });
    session.tell({ type: 'pinFact.entered', pin: { secret: ticket } });
  };
  await press({ type: 'start' }, 'plan');
  session.say({ type: 'plan.device', device: 'windows', chosen: true });
  session.say({ type: 'plan.passUse', passUse: 'several' });
  await press({ type: 'continue' }, 'signIn');
  session.tell({ type: 'page.host', host: 'login.microsoftonline.com', verified: true });
  session.tell({ type: 'page.place', place: 'pass' });
  session.tell({ type: 'page.answered', answer: { answer: 1 } });
  await until('insertKey');
  session.tell({ type: 'key.inserted', key: keyA });
  await until('keyReady');
  await press({ type: 'pin.begin' }, 'pin');
  pin(1);
  pin(2);
  await until('works');
  session.tell({ type: 'key.removed', key: keyA });
  await press({ type: 'continue' }, 'done');
  await press({ type: 'finish' }, 'attract');
}

async function press(intent: Intent, next: ScreenKind): Promise<void> {
  session.say(intent);
  await until(next);
}

/** Effects answer in microtasks; a session that does not get there within many of them is stuck. */
async function until(kind: ScreenKind): Promise<void> {
  for (let turn = 0; session.picture().screen.kind !== kind; turn += 1) {
    if (turn > nobodyWaits) throw new Error(`waited for ${kind}; the screen is ${JSON.stringify(session.picture().screen)}`);
    await Promise.resolve();
  }
}

/** Milliseconds of one run, over as many as fill the time. */
function costOf(run: () => unknown): number {
  const untilMs = performance.now() + measureMs / 4;
  while (performance.now() < untilMs) run();
  let runs = 0;
  const startedMs = performance.now();
  while (performance.now() - startedMs < measureMs) {
    run();
    runs += 1;
  }
  return (performance.now() - startedMs) / runs;
}
