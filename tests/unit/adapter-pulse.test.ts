// The desk's sign of life: a file that changes as long as the desk's loop turns, and no sooner stops than the desk.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPulse } from '../../main/adapters/pulse-file/pulse.ts';
import type { ClockPort } from '../../main/ports/clock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-pulse-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A clock whose waits end when they are told to. */
function steppedClock() {
  const waiting = new Map<() => void, number>();
  const clock: ClockPort = {
    nowMs: () => 0,
    wallMs: () => 0,
    after: (delayMs, run) => {
      waiting.set(run, delayMs);
      return () => void waiting.delete(run);
    },
  };
  return {
    clock,
    waiting,
    step: () => {
      for (const run of [...waiting.keys()]) {
        waiting.delete(run);
        run();
      }
    },
  };
}

test('every beat is another number, and none follows the stop', async () => {
  const { clock, waiting, step } = steppedClock();
  const file = path.join(folder, 'pulse');
  const stop = startPulse({ file, clock });
  for (const beat of ['1\n', '2\n', '3\n']) {
    await vi.waitFor(() => expect(waiting.size).toBe(1));
    expect(await readFile(file, 'utf8')).toBe(beat);
    expect([...waiting.values()]).toEqual([5_000]);
    if (beat !== '3\n') step();
  }
  expect((await stat(file)).mode & 0o077).toBe(0);
  stop();
  expect(waiting.size).toBe(0);
});

test('where nobody made the folder the desk goes on all the same', async () => {
  const { clock, waiting, step } = steppedClock();
  const stop = startPulse({ file: path.join(folder, 'not-there', 'pulse'), clock });
  await vi.waitFor(() => expect(waiting.size).toBe(1));
  step();
  await vi.waitFor(() => expect(waiting.size).toBe(1));
  stop();
});
