// The edges of CTAPHID: every length at which a message takes one packet more, other programs' packets between any two of
// ours, keep-alives by the thousand, and giving up or stalling at every single point. Time is simulated throughout.
import { describe, expect, test } from 'vitest';
import { CtapHidChannel, STANDARD_TIMING, type HidCall } from '../../main/fido/hid/channel.ts';
import { HID_COMMAND } from '../../main/fido/hid/codes.ts';
import { KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { CTAP20_KEY, MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import {
  ScriptedLink,
  continuationReport,
  initAnswer,
  initReport,
  reportsOf,
  type HostMessage,
} from '../support/fido-scripted-link.ts';
import { keyBench } from '../support/key-bench.ts';
import { assertAll, checkMade, checkProof, make, openClient, valueOf } from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const CHANNEL = 0x0102_0304;
const BROADCAST = 0xffff_ffff;
const { INIT, CBOR, CANCEL, KEEPALIVE, ERROR, PING } = HID_COMMAND;
const { responseTimeoutMs, cancelTimeoutMs, drainMs } = STANDARD_TIMING;
/** Where a message begins to need one more packet, the ends of the range, and one in the middle. */
const LENGTHS = [0, 1, 56, 57, 58, 116, 117, 175, 176, 1024, 7550, 7551, 7608, 7609];
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + 7) % 256);
const call = (changes: Partial<HidCall> = {}): HidCall => ({ signal: new AbortController().signal, ...changes });

/** A channel to a key that does with each message, INIT apart, what the test says; PING is always echoed. */
async function channelTo(react: (message: HostMessage, link: ScriptedLink) => void) {
  const clock = new ManualClock();
  const link = new ScriptedLink((message, self) => {
    if (message.command === INIT) self.answer(message.channelId, INIT, initAnswer(message.message, { channelId: CHANNEL }));
    else if (message.command === PING) self.answer(CHANNEL, PING, message.message);
    else react(message, self);
  });
  const surroundings = { clock, randomBytes: seededRandomBytes('boundaries') };
  const channel = await clock.runUntil(CtapHidChannel.open(link, surroundings, { signal: new AbortController().signal }));
  const run = <T>(work: Promise<T>): Promise<T> => clock.runUntil(work);
  const later = (delayMs: number, event: () => void): void => void clock.wait(delayMs, new AbortController().signal).then(event);
  /** In step again: the next message gets its own answer. */
  const expectInStep = async () => {
    await run(channel.ping(counting(100), call()));
    await run(channel.close());
    expect(clock.pendingWaits).toBe(0);
  };
  return { clock, link, channel, run, later, expectInStep };
}

async function endingOf<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

/** One of every kind of packet that is not for us, on channels that differ from ours in a single bit or are special. */
function foreignPackets(sequence: number): Uint8Array[] {
  const channels = [...Array.from({ length: 32 }, (_, bit) => (CHANNEL ^ (1 << bit)) >>> 0), 0, BROADCAST];
  return channels.flatMap((channel, index) => {
    const kinds = [
      initReport(channel, CBOR, 200, counting(57)),
      continuationReport(channel, sequence, counting(59)),
      initReport(channel, KEEPALIVE, 1, Uint8Array.of(2)),
      initReport(channel, ERROR, 1, Uint8Array.of(0x0b)),
      initReport(channel, INIT, 17, initAnswer(new Uint8Array(8).fill(sequence))),
    ];
    return kinds.slice(index % kinds.length, (index % kinds.length) + 1);
  });
}

describe('lengths', () => {
  test.each(LENGTHS)('an answer of %i bytes, with packets of other channels between all of its own', async (length) => {
    const answer = counting(length);
    const told: number[] = [];
    const { channel, run, expectInStep } = await channelTo((_message, link) => {
      link.send(...foreignPackets(0));
      reportsOf(CHANNEL, CBOR, answer).forEach((report, index) => link.send(report, ...foreignPackets(index % 128)));
    });
    const onKeepalive = (status: number): void => void told.push(status);
    expect(await run(channel.cbor(Uint8Array.of(4), call({ onKeepalive })))).toEqual(answer);
    expect(told).toEqual([]);
    await expectInStep();
  });

  test.each([7610, 0x1dff, 0x8000, 0xffff])('an answer of %i bytes can’t be', async (length) => {
    const { channel, run, expectInStep } = await channelTo((_message, link) =>
      link.send(initReport(CHANNEL, CBOR, length, counting(57))),
    );
    expect(await endingOf(run(channel.cbor(Uint8Array.of(4), call())))).toMatchObject({
      error: new ProtocolViolation('CTAPHID', `message of ${length} bytes announced`),
    });
    await expectInStep();
  });

  test.each(LENGTHS)('a packet too many behind an answer of %i bytes is nobody’s', async (length) => {
    const { channel, run, expectInStep } = await channelTo((_message, link) => {
      const reports = reportsOf(CHANNEL, CBOR, counting(length));
      link.send(...reports, continuationReport(CHANNEL, (reports.length - 1) % 128, counting(59)));
    });
    expect(await run(channel.cbor(Uint8Array.of(4), call()))).toEqual(counting(length));
    await expectInStep();
  });

  test('a key written apart from this client echoes all of them, and one byte more is never sent', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: {} });
    const { channel, run, call: operation } = await openClient(bench, bench.link);
    for (const length of LENGTHS) await run(channel.ping(counting(length), operation));
    expect(await endingOf(run(channel.ping(counting(7610), operation)))).toMatchObject({ error: expect.any(RangeError) });
    await run(channel.ping(counting(7609), operation));
  });
});

describe('keep-alive floods', () => {
  const keepalive = (index: number) => initReport(CHANNEL, KEEPALIVE, 1, Uint8Array.of(index % 256));

  test('two thousand at one moment are all told, and the answer behind them is taken', async () => {
    const { channel, run, expectInStep } = await channelTo((_message, link) => {
      link.send(...Array.from({ length: 2_000 }, (_, index) => keepalive(index)));
      link.answer(CHANNEL, CBOR, counting(117));
    });
    const told: number[] = [];
    const onKeepalive = (status: number): void => void told.push(status);
    expect(await run(channel.cbor(Uint8Array.of(4), call({ onKeepalive })))).toEqual(counting(117));
    expect(told).toEqual(Array.from({ length: 2_000 }, (_, index) => index % 256));
    await expectInStep();
  });

  test('one between any two packets of the longest answer does not disturb it', async () => {
    const { channel, run, expectInStep } = await channelTo((_message, link) =>
      reportsOf(CHANNEL, CBOR, counting(7609)).forEach((report, index) => link.send(keepalive(index), report)),
    );
    expect(await run(channel.cbor(Uint8Array.of(4), call()))).toEqual(counting(7609));
    await expectInStep();
  });

  test.each([1, 7, 99])('one every %i ms for ever: giving up ends it at once when the key obeys', async (everyMs) => {
    let obeyed = false;
    const { channel, run, later, clock, expectInStep } = await channelTo((message, link) => {
      if (message.command === CANCEL) {
        obeyed = true;
        return link.answer(CHANNEL, CBOR, Uint8Array.of(0x2d));
      }
      const beat = (): void => {
        if (obeyed) return;
        link.send(keepalive(2));
        later(everyMs, beat);
      };
      beat();
    });
    const giveUp = new AbortController();
    later(1_000, () => giveUp.abort('enough'));
    const startedMs = clock.nowMs();
    expect(await endingOf(run(channel.cbor(Uint8Array.of(1), call({ signal: giveUp.signal }))))).toEqual({ error: 'enough' });
    expect(clock.nowMs() - startedMs).toBe(1_000);
    await clock.advance(everyMs);
    await expectInStep();
  });
});

/**
 * What a key may do with a CANCEL. Obeying is only possible until the answer has begun; a deaf key goes on as if nothing
 * were, and a dead one says nothing any more until an INIT brings it back.
 */
type OnCancel = 'obeys' | 'deaf' | 'dies';

describe('giving up at every moment of a transaction', () => {
  const ANSWER_FROM_MS = 60;
  const ANSWER = counting(200);
  /** Keep-alives every 10 ms, then the answer's four packets, 10 ms apart. */
  const LAST_MS = ANSWER_FROM_MS + 30;

  async function giveUpAt(atMs: number, onCancel: OnCancel) {
    let stopped = false;
    const { channel, run, later, clock, link, expectInStep } = await channelTo((message, self) => {
      if (message.command === CANCEL) {
        if (onCancel === 'deaf' || stopped) return;
        const begun = clock.nowMs() - startedMs >= ANSWER_FROM_MS;
        if (onCancel === 'obeys' && begun) return;
        stopped = true;
        if (onCancel === 'obeys') self.answer(CHANNEL, CBOR, Uint8Array.of(0x2d));
        return;
      }
      const step = (delayMs: number, report: Uint8Array): void => later(delayMs, () => stopped || self.send(report));
      for (let beatMs = 0; beatMs < ANSWER_FROM_MS; beatMs += 10) {
        step(beatMs, initReport(CHANNEL, KEEPALIVE, 1, Uint8Array.of(2)));
      }
      reportsOf(CHANNEL, CBOR, ANSWER).forEach((report, index) => step(ANSWER_FROM_MS + index * 10, report));
    });
    const startedMs = clock.nowMs();
    const giveUp = new AbortController();
    later(atMs, () => giveUp.abort('gave up'));
    const ending = await endingOf(run(channel.cbor(counting(300), call({ signal: giveUp.signal }))));
    const tookMs = clock.nowMs() - startedMs;
    await clock.advance(LAST_MS);
    await expectInStep();
    return { ending, tookMs, cancels: link.messages.filter(({ command }) => command === CANCEL).length };
  }

  test.each<OnCancel>(['obeys', 'deaf', 'dies'])('on a key that %s', async (onCancel) => {
    const endings = new Set<string>();
    for (let atMs = 0; atMs <= LAST_MS + 5; atMs += 1) {
      const { ending, tookMs, cancels } = await giveUpAt(atMs, onCancel);
      const where = `given up after ${atMs} ms`;
      // The whole answer or the reason; never a part, never another error.
      if ('value' in ending) expect(ending.value, where).toEqual(ANSWER);
      else expect(ending.error, where).toBe('gave up');
      expect(tookMs, where).toBeLessThanOrEqual(atMs + cancelTimeoutMs + drainMs);
      expect(cancels, where).toBeLessThanOrEqual(1);
      // What the key had already begun to say, or says in spite of us, counts.
      const mustBeTaken = onCancel === 'deaf' || (onCancel === 'obeys' && atMs > ANSWER_FROM_MS);
      if (mustBeTaken) expect('value' in ending, where).toBe(true);
      if (onCancel === 'obeys' && atMs < ANSWER_FROM_MS) expect(tookMs, where).toBe(atMs);
      endings.add('value' in ending ? 'answer' : 'reason');
    }
    expect(endings).toEqual(new Set(onCancel === 'deaf' ? ['answer'] : ['answer', 'reason']));
  });
});

describe('stalling at every packet', () => {
  const REPORTS = reportsOf(CHANNEL, CBOR, counting(400));

  test('of the answer: missed in time, and in step afterwards', async () => {
    for (let sent = 0; sent < REPORTS.length; sent += 1) {
      const { channel, run, clock, expectInStep } = await channelTo((message, link) => {
        if (message.command === CBOR) link.send(...REPORTS.slice(0, sent));
      });
      const startedMs = clock.nowMs();
      const ending = await endingOf(run(channel.cbor(Uint8Array.of(4), call())));
      expect(ending, `after ${sent} packets`).toMatchObject({ error: { name: 'KeyNotAnswering', manner: 'silent' } });
      expect(clock.nowMs() - startedMs, `after ${sent} packets`).toBe(responseTimeoutMs + drainMs);
      await expectInStep();
    }
  });

  test.each([
    ['at the moment it is given up', responseTimeoutMs],
    ['while the channel is brought back into step', responseTimeoutMs + drainMs / 2],
  ])('of the answer, with a rest that comes %s', async (_when, delayMs) => {
    for (let sent = 0; sent < REPORTS.length; sent += 1) {
      const { channel, run, later, clock, expectInStep } = await channelTo((message, link) => {
        if (message.command !== CBOR) return;
        link.send(...REPORTS.slice(0, sent));
        later(delayMs, () => link.send(...REPORTS.slice(sent)));
      });
      const ending = await endingOf(run(channel.cbor(Uint8Array.of(4), call())));
      if ('value' in ending) expect(ending.value, `after ${sent} packets`).toEqual(counting(400));
      else expect(ending.error, `after ${sent} packets`).toBeInstanceOf(KeyNotAnswering);
      await clock.advance(drainMs);
      await expectInStep();
    }
  });

  test('of the request: a link that takes no more is left in time', async () => {
    for (let taken = 0; taken <= REPORTS.length; taken += 1) {
      const { channel, run, clock, link } = await channelTo(() => undefined);
      const write = link.write.bind(link);
      let passed = 0;
      link.write = (report) => {
        if (passed >= taken) link.takesWrites = false;
        passed += 1;
        return write(report);
      };
      const startedMs = clock.nowMs();
      const ending = await endingOf(run(channel.cbor(counting(400), call())));
      expect(ending, `after ${taken} packets`).toMatchObject({ error: expect.any(KeyNotAnswering) });
      expect(clock.nowMs() - startedMs, `after ${taken} packets`).toBeLessThanOrEqual(responseTimeoutMs + cancelTimeoutMs);
      await run(channel.close());
      expect(clock.pendingWaits).toBe(0);
    }
  });
});

describe('giving up at every report of a whole journey', () => {
  /** Registers; gives up when so many reports have passed, in either direction. The first two open the channel. */
  async function journey(model: typeof MODERN_KEY, reports: number) {
    const bench = await keyBench({ model, memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(250);
    const giveUp = new AbortController();
    let passed = 0;
    const count = (): void => {
      passed += 1;
      if (passed === reports) giveUp.abort('gave up');
    };
    const { link } = bench;
    const counted = {
      reportBytes: link.reportBytes,
      write: (report: Uint8Array) => {
        count();
        return link.write(report);
      },
      read: async (signal: AbortSignal) => {
        const report = await link.read(signal);
        count();
        return report;
      },
      close: () => link.close(),
    };
    const client = await openClient(bench, counted);
    const startedMs = bench.clock.nowMs();
    const ending = await endingOf(make({ ...client, call: { signal: giveUp.signal } }, TRAINING_PIN));
    return { bench, client, ending, passed, tookMs: bench.clock.nowMs() - startedMs };
  }

  test.each([
    ['modern', MODERN_KEY],
    ['ctap20', CTAP20_KEY],
  ])(
    'on a %s key: soon over, no try lost, at most one credential, and the next registration works on the same channel',
    async (_name, model) => {
      const whole = await journey(model, Infinity);
      expect(whole.ending).toMatchObject({ value: { ok: true } });
      for (let reports = 3; reports <= whole.passed; reports += 1) {
        const { bench, client, ending, tookMs } = await journey(model, reports);
        const where = `given up at report ${reports}`;
        if ('value' in ending) checkMade(valueOf(ending.value));
        else expect(ending.error, where).toBe('gave up');
        expect(bench.key.inspection.credentialIds, where).toHaveLength('value' in ending ? 1 : 0);
        expect(tookMs, where).toBeLessThanOrEqual(whole.tookMs + cancelTimeoutMs);
        expect(bench.key.inspection.pinRetriesLeft, where).toBe(8);
        const { checked } = checkMade(valueOf(await make(client, TRAINING_PIN)));
        const [assertion] = valueOf(await assertAll(client, TRAINING_PIN));
        checkProof(assertion, checked);
        await client.run(client.channel.close());
        expect(bench.clock.pendingWaits, where).toBe(0);
      }
    },
    60_000,
  );
});
