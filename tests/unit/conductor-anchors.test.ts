// When the journal's head is sent, what waits while nothing can be sent, and that nobody else waits for it.
import { describe, expect, test } from 'vitest';
import { AnchorRunner, type AnchorStanding } from '../../main/conductor/journal/anchor-runner.ts';
import type { AnchorMessage, AnchorTrouble } from '../../main/ports/anchor.ts';
import type { JournalEvent } from '../../main/ports/journal.ts';
import { DeskClock } from '../support/desk-clock.ts';

const minuteMs = 60_000;

class Bench {
  readonly clock = new DeskClock();
  readonly batches: (readonly AnchorMessage[])[] = [];
  readonly written: JournalEvent[] = [];
  readonly standings: AnchorStanding[] = [];
  /** `mute`: never answers. */
  trouble: AnchorTrouble | 'mute' | null;
  sequence = 1;
  #listener: () => void = () => undefined;
  readonly runner: AnchorRunner;

  constructor(trouble: AnchorTrouble | 'mute' | null = null) {
    this.trouble = trouble;
    this.runner = new AnchorRunner({
      port: {
        target: 'syslog',
        send: (messages, signal) => {
          this.batches.push(messages);
          if (this.trouble !== 'mute') return Promise.resolve(this.trouble);
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve('late')));
        },
      },
      heads: {
        latest: () => ({ sequence: this.sequence, atMs: this.clock.wallMs(), text: `head ${this.sequence}` }),
        onHead: (listener) => {
          this.#listener = listener;
          return () => (this.#listener = () => undefined);
        },
      },
      clock: this.clock,
      everyEntries: 10,
      everyMs: 15 * minuteMs,
      write: (event) => this.written.push(event),
      onStanding: (standing) => this.standings.push(standing),
    });
  }

  async entries(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.sequence += 1;
      this.#listener();
    }
    await this.settled();
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settled();
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  get sent(): readonly (readonly number[])[] {
    return this.batches.map((batch) => batch.map(({ sequence }) => sequence));
  }
}

describe('a head is sent', () => {
  test('at the start, after so many entries, and every so many minutes', async () => {
    const bench = new Bench();
    await bench.settled();
    expect(bench.sent).toEqual([[1]]);
    await bench.entries(9);
    expect(bench.sent).toEqual([[1]]);
    await bench.entries(1);
    expect(bench.sent).toEqual([[1], [11]]);
    await bench.pass(15 * minuteMs);
    expect(bench.sent).toEqual([[1], [11], [11]]);
    expect(bench.standings.at(-1)).toEqual({ to: 'syslog', sequence: 11, sentAtMs: bench.clock.wallMs(), trouble: null });
    bench.runner.stop();
    await bench.entries(20);
    await bench.pass(60 * minuteMs);
    expect(bench.sent).toHaveLength(3);
    expect(bench.written).toEqual([]);
  });
});

describe('while it does not arrive', () => {
  test('heads wait, are tried again ever more seldom, and go together; it is told once', async () => {
    const bench = new Bench('unreachable');
    await bench.entries(10);
    await bench.entries(10);
    expect(bench.standings).toEqual([{ to: 'syslog', sequence: null, sentAtMs: null, trouble: 'unreachable' }]);
    expect(bench.written).toEqual([{ event: 'anchor.failing', to: 'syslog', why: 'unreachable' }]);
    const tries = bench.batches.length;
    for (const wait of [5_000, 10_000, 20_000, 40_000]) await bench.pass(wait);
    expect(bench.batches).toHaveLength(tries + 4);
    await bench.pass(79_000);
    expect(bench.batches).toHaveLength(tries + 4);
    bench.trouble = null;
    await bench.pass(1_000);
    expect(bench.sent.at(-1)).toEqual([1, 11, 21]);
    expect(bench.written.at(-1)).toEqual({ event: 'anchor.resumed', to: 'syslog' });
    bench.runner.stop();
  });

  test('another trouble is told too', async () => {
    const bench = new Bench('unreachable');
    await bench.settled();
    bench.trouble = 'notTrusted';
    await bench.pass(5_000);
    expect(bench.written).toMatchObject([{ why: 'unreachable' }, { why: 'notTrusted' }]);
    bench.runner.stop();
  });

  test('a thousand wait and no more: the oldest go, because a later head says what they say', async () => {
    const bench = new Bench();
    await bench.settled();
    bench.trouble = 'refused';
    for (let index = 0; index < 1_200; index += 1) await bench.entries(10);
    bench.trouble = null;
    await bench.pass(300_000);
    const numbers = bench.sent.flat().slice(-1_000);
    expect(numbers[0]).toBe(12_001 - 999 * 10);
    expect(numbers.at(-1)).toBe(12_001);
    bench.runner.stop();
  });

  test('who never answers is given up in time', async () => {
    const bench = new Bench('mute');
    await bench.pass(19_999);
    expect(bench.standings).toEqual([]);
    await bench.pass(1);
    expect(bench.standings).toMatchObject([{ trouble: 'late' }]);
    bench.runner.stop();
  });
});
