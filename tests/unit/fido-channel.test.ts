import { describe, expect, test } from 'vitest';
import { CtapHidChannel, STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import { HID_COMMAND, HID_ERROR } from '../../main/fido/hid/codes.ts';
import { ChannelClosed, CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { BoundedLink } from '../../main/fido/hid/bounded-link.ts';
import { askU2fVersion } from '../../main/fido/hid/u2f-version.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import {
  CHANNEL,
  bytes,
  call,
  echo,
  errorOf,
  keepalive,
  refuse,
  scriptedKey,
  silence,
  type Reaction,
} from '../support/fido-scripted-key.ts';
import { ScriptedLink, continuationReport, initAnswer, initReport, reportsOf } from '../support/fido-scripted-link.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const OTHER_CHANNEL = 0x0505_0505;
const BROADCAST = 0xffff_ffff;
const { INIT, CBOR, MSG, PING, WINK, CANCEL, KEEPALIVE, ERROR } = HID_COMMAND;

describe('getting a channel', () => {
  test('says what the key said', async () => {
    const { open, link } = scriptedKey();
    const { device } = await open();
    expect(device).toEqual({
      channelId: CHANNEL,
      protocolVersion: 2,
      version: { major: 5, minor: 4, build: 3 },
      capabilities: 0x05,
      canWink: true,
      canCbor: true,
      canMsg: true,
    });
    expect(link.messages).toHaveLength(1);
    expect(link.messages[0]).toMatchObject({ channelId: BROADCAST, command: INIT });
    expect(link.messages[0]?.message).toHaveLength(8);
  });

  test.each([
    [0x0c, { canWink: false, canCbor: true, canMsg: false }],
    [0x01, { canWink: true, canCbor: false, canMsg: true }],
    [0x00, { canWink: false, canCbor: false, canMsg: true }],
  ])('capability byte %i', async (capabilities, expected) => {
    expect((await scriptedKey([], capabilities).open()).device).toMatchObject(expected);
  });

  /** A link that answers an INIT as told, with the nonce at hand. */
  function initialising(react: (nonce: Uint8Array, link: ScriptedLink, attempt: number) => void) {
    const clock = new ManualClock();
    let attempt = 0;
    const link = new ScriptedLink(({ message }, self) => react(message, self, (attempt += 1)));
    const surroundings = { clock, randomBytes: seededRandomBytes('init') };
    const open = (signal = new AbortController().signal) => clock.runUntil(CtapHidChannel.open(link, surroundings, { signal }));
    return { clock, link, open };
  }

  test('skips answers to other programs, other channels, and stray packets', async () => {
    const { open } = initialising((nonce, link) => {
      link.answer(BROADCAST, INIT, initAnswer(new Uint8Array(8).fill(9), { channelId: 7 }));
      link.answer(OTHER_CHANNEL, CBOR, new Uint8Array(200));
      link.send(continuationReport(BROADCAST, 0, bytes(1)));
      link.answer(OTHER_CHANNEL, ERROR, bytes(HID_ERROR.CHANNEL_BUSY));
      link.answer(BROADCAST, INIT, initAnswer(nonce, { channelId: CHANNEL }));
    });
    expect((await open()).device.channelId).toBe(CHANNEL);
  });

  test('takes an answer longer than 17 bytes, in one packet or more', async () => {
    for (const length of [18, 57, 100]) {
      const { open } = initialising((nonce, link) => link.answer(BROADCAST, INIT, initAnswer(nonce, { length })));
      expect((await open()).device.channelId).toBe(CHANNEL);
    }
  });

  test('takes none shorter', async () => {
    const { open } = initialising((nonce, link) => link.answer(BROADCAST, INIT, initAnswer(nonce).slice(0, 16)));
    expect(await errorOf(open())).toBeInstanceOf(ProtocolViolation);
  });

  test.each([0, BROADCAST])('takes no reserved channel %i', async (channelId) => {
    const { open } = initialising((nonce, link) => link.answer(BROADCAST, INIT, initAnswer(nonce, { channelId })));
    expect(await errorOf(open())).toBeInstanceOf(ProtocolViolation);
  });

  test('asks a sleepy key a second time with another nonce, and then no more', async () => {
    const nonces: string[] = [];
    const { open, clock } = initialising((nonce) => nonces.push(Buffer.from(nonce).toString('hex')));
    const startedMs = clock.nowMs();
    const error = await errorOf(open());
    expect(error).toBeInstanceOf(KeyNotAnswering);
    expect(error).toMatchObject({ manner: 'silent', command: INIT });
    expect(new Set(nonces).size).toBe(2);
    expect(clock.nowMs() - startedMs).toBe(2 * STANDARD_TIMING.responseTimeoutMs);
  });

  test('waits for a busy key, but not for ever', async () => {
    const patient = initialising((nonce, link, attempt) =>
      attempt < 4
        ? link.answer(BROADCAST, ERROR, bytes(HID_ERROR.CHANNEL_BUSY))
        : link.answer(BROADCAST, INIT, initAnswer(nonce)),
    );
    expect((await patient.open()).device.channelId).toBe(CHANNEL);
    const hopeless = initialising((_nonce, link) => link.answer(BROADCAST, ERROR, bytes(HID_ERROR.CHANNEL_BUSY)));
    expect(await errorOf(hopeless.open())).toMatchObject({ name: 'CtapHidError', codeName: 'CHANNEL_BUSY' });
    expect(hopeless.link.messages).toHaveLength(11);
  });

  test('can be called off', async () => {
    const { open, clock } = initialising(silence as never);
    const stop = new AbortController();
    void clock.wait(500, new AbortController().signal).then(() => stop.abort('enough'));
    expect(await errorOf(open(stop.signal))).toBe('enough');
  });

  test('ends with the key', async () => {
    const { open } = initialising((_nonce, link) => link.unplug());
    expect(await errorOf(open())).toBeInstanceOf(PacketLinkClosed);
  });

  test('refuses reports too small to answer in', async () => {
    const link = Object.assign(new ScriptedLink(silence), { reportBytes: 8 });
    const surroundings = { clock: new ManualClock(), randomBytes: seededRandomBytes('x') };
    const opening = CtapHidChannel.open(link, surroundings, { signal: new AbortController().signal });
    expect(await errorOf(opening)).toBeInstanceOf(ProtocolViolation);
  });
});

describe('a message and its answer', () => {
  test.each([0, 1, 57, 58, 116, 117, 1024, 7609])('%i bytes there and back', async (length) => {
    const { open, run } = scriptedKey([echo]);
    const channel = await open();
    const message = Uint8Array.from({ length }, (_, index) => index % 251);
    expect(await run(channel.transact(CBOR, message, call()))).toEqual(message);
  });

  test('7610 bytes are refused before anything is sent, and the channel lives on', async () => {
    const { open, run, sent } = scriptedKey([echo]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(new Uint8Array(7610), call())))).toBeInstanceOf(RangeError);
    expect(await run(channel.cbor(bytes(4), call()))).toEqual(bytes(4));
    expect([sent(CBOR), sent(INIT)]).toEqual([1, 1]);
  });

  test('packets of a message are handed over without a pause', async () => {
    const { open, run, link } = scriptedKey([echo]);
    const channel = await open();
    const answer = run(channel.cbor(new Uint8Array(7609), call()));
    // A few turns of the promise queue, no timer and no turn of the event loop.
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
    expect(link.reports).toHaveLength(1 + 129);
    await answer;
  });

  test('frames of other channels do not disturb', async () => {
    const { open, run } = scriptedKey([
      ({ channelId, message }, link) => {
        const [first, second] = reportsOf(channelId, CBOR, new Uint8Array(100).fill(7));
        link.answer(OTHER_CHANNEL, KEEPALIVE, bytes(2));
        link.send(first ?? message, ...reportsOf(OTHER_CHANNEL, CBOR, new Uint8Array(300)));
        link.answer(OTHER_CHANNEL, ERROR, bytes(HID_ERROR.INVALID_SEQ));
        link.answer(BROADCAST, INIT, initAnswer(new Uint8Array(8)));
        link.send(second ?? message);
      },
    ]);
    const channel = await open();
    const statuses: number[] = [];
    const answer = await run(channel.cbor(bytes(1), call({ onKeepalive: (status) => statuses.push(status) })));
    expect(answer).toEqual(new Uint8Array(100).fill(7));
    expect(statuses).toEqual([]);
  });

  test('leftovers before the answer are skipped: a continuation packet, a late INIT answer', async () => {
    const { open, run } = scriptedKey([
      ({ channelId }, link) => {
        link.send(continuationReport(channelId, 3, bytes(9)));
        link.answer(channelId, INIT, initAnswer(new Uint8Array(8)));
        link.answer(channelId, CBOR, bytes(0, 1));
      },
    ]);
    const channel = await open();
    expect(await run(channel.cbor(bytes(4), call()))).toEqual(bytes(0, 1));
  });

  test('messages wait for their turn', async () => {
    const order: number[] = [];
    const slow: Reaction = ({ channelId, message }, link) => {
      order.push(message[0] ?? 0);
      void clock.wait(500, new AbortController().signal).then(() => link.answer(channelId, CBOR, message));
    };
    const { open, run, clock, link } = scriptedKey([slow, slow, slow]);
    const channel = await open();
    const answers = [1, 2, 3].map((value) => channel.cbor(bytes(value), call()));
    await clock.advance(100);
    expect(link.messages.filter(({ command }) => command === CBOR)).toHaveLength(1);
    expect(await run(Promise.all(answers))).toEqual([bytes(1), bytes(2), bytes(3)]);
    expect(order).toEqual([1, 2, 3]);
  });

  test('a failed message does not hold up the next', async () => {
    const { open, run } = scriptedKey([refuse(HID_ERROR.INVALID_LEN), echo]);
    const channel = await open();
    const [first, second] = [errorOf(channel.cbor(bytes(1), call())), channel.cbor(bytes(2), call())];
    expect(await run(first)).toMatchObject({ codeName: 'INVALID_LEN', command: CBOR });
    expect(await run(second)).toEqual(bytes(2));
  });

  test('one that is called off while waiting is never sent', async () => {
    const { open, run, sent, later, clock } = scriptedKey([
      ({ channelId }, link) => later(1_000, () => link.answer(channelId, CBOR, bytes(0))),
    ]);
    const channel = await open();
    const stop = new AbortController();
    const first = channel.cbor(bytes(1), call());
    const second = errorOf(channel.cbor(bytes(2), call({ signal: stop.signal })));
    later(100, () => stop.abort('left'));
    const startedMs = clock.nowMs();
    expect(await run(second)).toBe('left');
    expect(clock.nowMs() - startedMs).toBe(100);
    expect(await run(first)).toEqual(bytes(0));
    expect([sent(CBOR), sent(CANCEL)]).toEqual([1, 0]);
  });

  test('ping, wink and msg', async () => {
    const { open, run, link } = scriptedKey([echo, ({ channelId }, self) => self.answer(channelId, PING, bytes(9)), echo, echo]);
    const channel = await open();
    await run(channel.ping(bytes(1, 2, 3), call()));
    expect(await errorOf(run(channel.ping(bytes(1), call())))).toBeInstanceOf(ProtocolViolation);
    expect(await run(channel.wink(call()))).toBe(true);
    expect(await run(channel.msg(bytes(0, 3), call()))).toEqual(bytes(0, 3));
    expect(link.messages.map(({ command }) => command)).toEqual([INIT, PING, PING, WINK, MSG]);
  });

  test('a key without a light is not asked to wink', async () => {
    const { open, run, sent } = scriptedKey([], 0x04);
    const channel = await open();
    expect(await run(channel.wink(call()))).toBe(false);
    expect(sent(WINK)).toBe(0);
  });
});

describe('keep-alives', () => {
  test('hold the line and are told, known or not', async () => {
    const { open, run, clock, later, link } = scriptedKey([
      () => {
        for (let beat = 1; beat <= 40; beat += 1) later(beat * 1_000, () => link.send(keepalive(beat % 3)));
        later(41_000, () => link.answer(CHANNEL, CBOR, bytes(0)));
      },
    ]);
    const channel = await open();
    const statuses: number[] = [];
    const startedMs = clock.nowMs();
    expect(await run(channel.cbor(bytes(1), call({ onKeepalive: (status) => statuses.push(status) })))).toEqual(bytes(0));
    expect(clock.nowMs() - startedMs).toBe(41_000);
    expect(statuses.slice(0, 4)).toEqual([1, 2, 0, 1]);
    expect(statuses).toHaveLength(40);
  });

  test('that stop are missed after three seconds', async () => {
    const { open, run, clock, later, link, sent } = scriptedKey([() => later(2_000, () => link.send(keepalive(1)))]);
    const channel = await open();
    const startedMs = clock.nowMs();
    const error = await errorOf(run(channel.cbor(bytes(1), call())));
    expect(error).toMatchObject({ name: 'KeyNotAnswering', manner: 'silent', command: CBOR, waitedMs: 5_000 });
    // The key is stopped at once, not left blinking.
    expect(sent(INIT)).toBe(2);
    expect(clock.nowMs() - startedMs).toBe(5_000 + STANDARD_TIMING.drainMs);
  });

  test('that never end do not outlast the limit of a transaction, nor the answer to its cancellation', async () => {
    const { open, run, clock, later, link, sent } = scriptedKey([
      () => {
        const beat = (): void => {
          link.send(keepalive(2));
          if (sent(INIT) < 2) later(100, beat);
        };
        beat();
      },
    ]);
    const channel = await open();
    const startedMs = clock.nowMs();
    const error = await errorOf(run(channel.cbor(bytes(1), call())));
    expect(error).toMatchObject({ name: 'KeyNotAnswering', manner: 'endless', command: CBOR });
    expect(sent(CANCEL)).toBe(1);
    const { transactionLimitMs, cancelTimeoutMs, drainMs } = STANDARD_TIMING;
    expect(clock.nowMs() - startedMs).toBe(transactionLimitMs + cancelTimeoutMs + drainMs);
  });

  test('that never end do not outlast the signal either', async () => {
    const { open, run, clock, later, link, sent } = scriptedKey([
      () => {
        const beat = (): void => {
          link.send(keepalive(2));
          if (sent(INIT) < 2) later(100, beat);
        };
        beat();
      },
    ]);
    const channel = await open();
    const stop = new AbortController();
    later(10_000, () => stop.abort('deadline'));
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call({ signal: stop.signal }))))).toBe('deadline');
    expect(clock.nowMs() - startedMs).toBe(10_000 + STANDARD_TIMING.cancelTimeoutMs + STANDARD_TIMING.drainMs);
  });
});

describe('lost answers', () => {
  test('no answer at all', async () => {
    const { open, run, clock, sent } = scriptedKey([silence, echo]);
    const channel = await open();
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ manner: 'silent', waitedMs: 3_000 });
    expect(clock.nowMs() - startedMs).toBe(3_000 + STANDARD_TIMING.drainMs);
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    expect(sent(INIT)).toBe(2);
  });

  test('an answer that stops in the middle', async () => {
    const { open, run } = scriptedKey([
      ({ channelId }, link) => link.send(...reportsOf(channelId, CBOR, new Uint8Array(200)).slice(0, 2)),
      echo,
    ]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ manner: 'silent' });
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
  });

  test('an answer that begins late has its own time to arrive in', async () => {
    const { open, run, later, link } = scriptedKey([
      ({ channelId }) => {
        const [first, ...rest] = reportsOf(channelId, CBOR, new Uint8Array(150).fill(3));
        if (first) later(2_900, () => link.send(first));
        later(5_800, () => link.send(...rest));
      },
    ]);
    const channel = await open();
    expect(await run(channel.cbor(bytes(1), call()))).toEqual(new Uint8Array(150).fill(3));
  });

  test('an answer that drips is not waited for packet by packet', async () => {
    const { open, run, clock, later, link } = scriptedKey([
      ({ channelId }) => {
        reportsOf(channelId, CBOR, new Uint8Array(1_000)).forEach((report, index) =>
          later(index * 1_000, () => link.send(report)),
        );
      },
    ]);
    const channel = await open();
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ manner: 'silent' });
    expect(clock.nowMs() - startedMs).toBeLessThan(4_000);
  });

  test('a flood on another channel does not stand in for an answer', async () => {
    const { open, run, clock, later, link } = scriptedKey([
      () => {
        const flood = (): void => {
          link.answer(OTHER_CHANNEL, KEEPALIVE, bytes(1));
          if (clock.nowMs() - startedMs < 60_000) later(50, flood);
        };
        flood();
      },
    ]);
    const channel = await open();
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ manner: 'silent', waitedMs: 3_000 });
  });

  test.each<[string, Reaction]>([
    [
      'packets out of order',
      ({ channelId }, link) => {
        const reports = reportsOf(channelId, CBOR, new Uint8Array(200));
        link.send(...reports.slice(0, 1), ...reports.slice(2));
      },
    ],
    [
      'an answer inside the answer',
      ({ channelId }, link) => {
        link.send(...reportsOf(channelId, CBOR, new Uint8Array(200)).slice(0, 1));
        link.answer(channelId, CBOR, bytes(0));
      },
    ],
    ['an answer to another command', ({ channelId }, link) => link.answer(channelId, PING, bytes(0))],
    ['an impossible length', ({ channelId }, link) => link.send(initReport(channelId, CBOR, 7_610, bytes(0)))],
  ])('%s: a violation, and then back in step', async (_name, reaction) => {
    const { open, run, sent } = scriptedKey([reaction, echo]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toBeInstanceOf(ProtocolViolation);
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    expect(sent(INIT)).toBe(2);
  });

  test('what arrives late is not taken for the next answer', async () => {
    const { open, run, later, link } = scriptedKey([
      // Too late for its own exchange, in the middle of the draining after it.
      ({ channelId }) => later(3_050, () => link.answer(channelId, CBOR, bytes(0xba, 0xd1))),
      echo,
    ]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toBeInstanceOf(KeyNotAnswering);
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
  });

  test('a write that nobody takes ends too', async () => {
    const { open, run, link, clock } = scriptedKey();
    const channel = await open();
    link.takesWrites = false;
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toBeInstanceOf(KeyNotAnswering);
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(STANDARD_TIMING.responseTimeoutMs + STANDARD_TIMING.cancelTimeoutMs);
  });
});

const TRIED_AGAIN: ReadonlySet<string> = new Set([
  'CHANNEL_BUSY',
  'LOCK_REQUIRED',
  'INVALID_SEQ',
  'MSG_TIMEOUT',
  'INVALID_CHANNEL',
]);

describe('errors of the key', () => {
  test.each(Object.entries(HID_ERROR).filter(([name]) => !TRIED_AGAIN.has(name)))(
    '%s is told at once',
    async (codeName, code) => {
      const { open, run, sent } = scriptedKey([refuse(code), echo]);
      const channel = await open();
      const error = await errorOf(run(channel.cbor(bytes(1), call())));
      expect(error).toBeInstanceOf(CtapHidError);
      expect(error).toMatchObject({ code, codeName, command: CBOR });
      expect(sent(CBOR)).toBe(1);
      expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    },
  );

  test('an unknown one keeps its number', async () => {
    const { open, run } = scriptedKey([refuse(0x55)]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ code: 0x55, codeName: 'UNKNOWN' });
  });

  test('busy: tried again after a pause, within two seconds', async () => {
    const { open, run, clock, sent } = scriptedKey([refuse(6), refuse(6), refuse(6), echo]);
    const channel = await open();
    const startedMs = clock.nowMs();
    expect(await run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
    expect(clock.nowMs() - startedMs).toBe(600);
    expect(sent(INIT)).toBe(1);
    const stubborn = scriptedKey(Array.from({ length: 50 }, () => refuse(6)));
    const busyChannel = await stubborn.open();
    expect(await errorOf(stubborn.run(busyChannel.cbor(bytes(1), call())))).toMatchObject({ codeName: 'CHANNEL_BUSY' });
    expect(stubborn.sent(CBOR)).toBe(11);
  });

  test('busy: calling off ends the waiting', async () => {
    const { open, run, later, sent } = scriptedKey([refuse(6), echo]);
    const channel = await open();
    const stop = new AbortController();
    later(100, () => stop.abort('enough'));
    expect(await errorOf(run(channel.cbor(bytes(1), call({ signal: stop.signal }))))).toBe('enough');
    expect(sent(CBOR)).toBe(1);
  });

  test.each([HID_ERROR.INVALID_SEQ, HID_ERROR.MSG_TIMEOUT])('packets went astray (%i): INIT, and once more', async (code) => {
    const { open, run, link } = scriptedKey([refuse(code), echo]);
    const channel = await open();
    expect(await run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
    expect(link.messages.map(({ command, channelId }) => [command, channelId])).toEqual([
      [INIT, BROADCAST],
      [CBOR, CHANNEL],
      [INIT, CHANNEL],
      [CBOR, CHANNEL],
    ]);
    const again = scriptedKey([refuse(code), refuse(code), echo]);
    const second = await again.open();
    expect(await errorOf(again.run(second.cbor(bytes(1), call())))).toMatchObject({ code });
    expect(again.sent(CBOR)).toBe(2);
  });

  test.each([...TRIED_AGAIN].map((name) => HID_ERROR[name as keyof typeof HID_ERROR]))(
    'what may not be sent twice is not, whatever the reason (%i)',
    async (code) => {
      const { open, run, sent } = scriptedKey([refuse(code), echo]);
      const channel = await open();
      expect(await errorOf(run(channel.cbor(bytes(1), call({ resend: false }))))).toMatchObject({ code });
      expect(sent(CBOR)).toBe(1);
    },
  );

  test('a channel the key forgot is asked for anew, and the message sent once more', async () => {
    const { open, run, link, sent } = scriptedKey([refuse(HID_ERROR.INVALID_CHANNEL), echo]);
    const channel = await open();
    expect(await run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
    expect(link.messages[2]).toMatchObject({ command: INIT, channelId: BROADCAST });
    expect(sent(CBOR)).toBe(2);
  });

  test('a key that forgets every channel is not humoured for ever', async () => {
    const { open, run, sent } = scriptedKey(Array.from({ length: 9 }, () => refuse(HID_ERROR.INVALID_CHANNEL)));
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call())))).toMatchObject({ codeName: 'INVALID_CHANNEL' });
    expect(sent(CBOR)).toBe(2);
  });

  test('a channel lost during resynchronising is asked for anew', async () => {
    const clock = new ManualClock();
    let inits = 0;
    let cbors = 0;
    const link = new ScriptedLink(({ channelId, command, message }, self) => {
      if (command === INIT) {
        inits += 1;
        if (inits === 2) self.answer(channelId, ERROR, bytes(HID_ERROR.INVALID_CHANNEL));
        else self.answer(channelId, INIT, initAnswer(message, { channelId: inits === 1 ? CHANNEL : OTHER_CHANNEL }));
      } else if (command === CBOR) {
        cbors += 1;
        if (cbors === 1) self.answer(channelId, ERROR, bytes(HID_ERROR.INVALID_SEQ));
        else self.answer(channelId, CBOR, message);
      }
    });
    const surroundings = { clock, randomBytes: seededRandomBytes('lost') };
    const channel = await clock.runUntil(CtapHidChannel.open(link, surroundings, { signal: new AbortController().signal }));
    expect(await clock.runUntil(channel.cbor(bytes(5), call()))).toEqual(bytes(5));
    expect(channel.device.channelId).toBe(OTHER_CHANNEL);
  });
});

describe('cancelling', () => {
  const waiting: Reaction = (_message, link) => link.send(keepalive(2));

  test('the key hears of it and lets go', async () => {
    const { open, run, link, later, clock } = scriptedKey([
      waiting,
      function onCancel({ channelId, message }, self) {
        expect(message).toHaveLength(0);
        later(40, () => self.answer(channelId, CBOR, bytes(0x2d)));
      },
      echo,
    ]);
    const channel = await open();
    const stop = new AbortController();
    later(1_000, () => stop.abort('changed my mind'));
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call({ signal: stop.signal }))))).toBe('changed my mind');
    expect(clock.nowMs() - startedMs).toBe(1_040);
    expect(link.reports.at(-1)).toEqual(initReport(CHANNEL, CANCEL, 0, bytes()));
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    expect(link.messages.filter(({ command }) => command === INIT)).toHaveLength(1);
  });

  test('an answer that crosses it counts', async () => {
    const { open, run, later } = scriptedKey([
      waiting,
      function onCancel({ channelId }, self) {
        self.answer(channelId, CBOR, bytes(0, 0xa0));
      },
    ]);
    const channel = await open();
    const stop = new AbortController();
    later(1_000, () => stop.abort('too late'));
    expect(await run(channel.cbor(bytes(1), call({ signal: stop.signal })))).toEqual(bytes(0, 0xa0));
  });

  test('an answer whose parts were already on their way counts', async () => {
    const { open, run, later, link } = scriptedKey([
      ({ channelId }) => {
        const [first, ...rest] = reportsOf(channelId, CBOR, new Uint8Array(150).fill(3));
        if (first) link.send(first);
        later(1_500, () => link.send(...rest));
      },
    ]);
    const channel = await open();
    const stop = new AbortController();
    later(1_000, () => stop.abort('too late'));
    expect(await run(channel.cbor(bytes(1), call({ signal: stop.signal })))).toEqual(new Uint8Array(150).fill(3));
  });

  test('a key that does not listen is taken back by INIT', async () => {
    const { open, run, later, clock, link } = scriptedKey([waiting, function onCancel() {}, echo]);
    const channel = await open();
    const stop = new AbortController();
    later(1_000, () => stop.abort('stop'));
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.cbor(bytes(1), call({ signal: stop.signal }))))).toBe('stop');
    expect(clock.nowMs() - startedMs).toBe(1_000 + STANDARD_TIMING.cancelTimeoutMs + STANDARD_TIMING.drainMs);
    expect(link.messages.map(({ command }) => command)).toEqual([INIT, CBOR, CANCEL, INIT]);
    expect(await run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
  });

  test('one that is deaf to INIT too still lets the person go', async () => {
    const clock = new ManualClock();
    let opened = false;
    const link = new ScriptedLink(({ channelId, command, message }, self) => {
      if (command === INIT && !opened) {
        opened = true;
        self.answer(channelId, INIT, initAnswer(message));
      }
    });
    const surroundings = { clock, randomBytes: seededRandomBytes('deaf') };
    const stop = new AbortController();
    const channel = await clock.runUntil(CtapHidChannel.open(link, surroundings, { signal: stop.signal }));
    const asked = errorOf(channel.cbor(bytes(1), call({ signal: stop.signal })));
    await clock.advance(100);
    stop.abort('stop');
    const startedMs = clock.nowMs();
    expect(await clock.runUntil(asked)).toBe('stop');
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(2 * STANDARD_TIMING.cancelTimeoutMs);
    expect(await clock.runUntil(errorOf(channel.cbor(bytes(2), call())))).toMatchObject({ manner: 'silent', command: INIT });
  });

  test('a message on its way out is finished first', async () => {
    const { open, run, link } = scriptedKey([
      silence,
      function onCancel({ channelId }, self) {
        self.answer(channelId, CBOR, bytes(0x2d));
      },
    ]);
    const channel = await open();
    const stop = new AbortController();
    const asked = errorOf(channel.cbor(new Uint8Array(500), call({ signal: stop.signal })));
    await Promise.resolve();
    await Promise.resolve();
    stop.abort('now');
    expect(await run(asked)).toBe('now');
    expect(link.messages.map(({ command, message }) => [command, message.length])).toEqual([
      [INIT, 8],
      [CBOR, 500],
      [CANCEL, 0],
    ]);
  });

  test('keep-alives after it are not told', async () => {
    const { open, run, later, link } = scriptedKey([
      waiting,
      function onCancel({ channelId }, self) {
        self.send(keepalive(1));
        self.answer(channelId, CBOR, bytes(0x2d));
      },
    ]);
    const channel = await open();
    const stop = new AbortController();
    const statuses: number[] = [];
    later(500, () => stop.abort('stop'));
    const asked = channel.cbor(bytes(1), call({ signal: stop.signal, onKeepalive: (status) => statuses.push(status) }));
    expect(await errorOf(run(asked))).toBe('stop');
    expect(statuses).toEqual([2]);
    expect(link.closed).toBe(false);
  });

  test('U2F messages know no cancel: the wait is bounded, nothing is sent', async () => {
    const { open, run, later, clock, sent } = scriptedKey([silence]);
    const channel = await open();
    const stop = new AbortController();
    later(100, () => stop.abort('stop'));
    const startedMs = clock.nowMs();
    expect(await errorOf(run(channel.msg(bytes(0, 3), call({ signal: stop.signal }))))).toBe('stop');
    expect(sent(CANCEL)).toBe(0);
    expect(clock.nowMs() - startedMs).toBe(100 + STANDARD_TIMING.cancelTimeoutMs + STANDARD_TIMING.drainMs);
  });

  test('a status 0x2d nobody asked for is an answer like any other', async () => {
    const { open, run } = scriptedKey([({ channelId }, link) => link.answer(channelId, CBOR, bytes(0x2d))]);
    const channel = await open();
    expect(await run(channel.cbor(bytes(1), call()))).toEqual(bytes(0x2d));
  });

  test('an aborted signal sends nothing at all', async () => {
    const { open, run, sent } = scriptedKey([echo]);
    const channel = await open();
    expect(await errorOf(run(channel.cbor(bytes(1), call({ signal: AbortSignal.abort('no') }))))).toBe('no');
    expect(sent(CBOR)).toBe(0);
  });
});

describe('waiting for a report', () => {
  const report = new Uint8Array(64).fill(1);

  test('after its time is over leaves the report to the next reader', async () => {
    const clock = new ManualClock();
    const link = new ScriptedLink(silence);
    link.send(report);
    const bounded = new BoundedLink(link, clock);
    expect(await bounded.next(clock.nowMs())).toEqual({ kind: 'late' });
    expect(await bounded.next(clock.nowMs() + 1)).toEqual({ kind: 'report', report });
    bounded.rest();
    expect(clock.pendingWaits).toBe(0);
  });

  test('a key that never stops talking does not stop time', async () => {
    const clock = new ManualClock();
    const link = new ScriptedLink(silence);
    // Every read finds a report at once; only reading takes time.
    link.read = async () => {
      await clock.advance(1);
      return report;
    };
    const untilMs = clock.nowMs() + 50;
    let reports = 0;
    const bounded = new BoundedLink(link, clock);
    while ((await bounded.next(untilMs)).kind === 'report') reports += 1;
    bounded.rest();
    expect(reports).toBe(50);
  });
});

describe('the end', () => {
  test('a key pulled out before, during and after the answer began', async () => {
    const pulled: Reaction[] = [
      (_message, link) => link.unplug(),
      ({ channelId }, link) => {
        link.send(...reportsOf(channelId, CBOR, new Uint8Array(200)).slice(0, 2));
        link.unplug();
      },
    ];
    for (const reaction of pulled) {
      const { open, run } = scriptedKey([reaction]);
      const channel = await open();
      expect(await errorOf(run(channel.cbor(bytes(1), call())))).toBeInstanceOf(PacketLinkClosed);
      expect(await errorOf(run(channel.cbor(bytes(1), call())))).toBeInstanceOf(PacketLinkClosed);
    }
  });

  test('closing cancels what runs, waits for the key, refuses what waits, and closes the link', async () => {
    const { open, run, link, clock } = scriptedKey([
      (_message, self) => self.send(keepalive(2)),
      function onCancel({ channelId }, self) {
        self.answer(channelId, CBOR, bytes(0x2d));
      },
    ]);
    const channel = await open();
    const running = errorOf(channel.cbor(bytes(1), call()));
    const queued = errorOf(channel.cbor(bytes(2), call()));
    await clock.advance(200);
    const closing = channel.close();
    expect(link.closed).toBe(false);
    await run(closing);
    expect(link.closed).toBe(true);
    expect(await run(running)).toBeInstanceOf(ChannelClosed);
    expect(await run(queued)).toBeInstanceOf(ChannelClosed);
    expect(await errorOf(run(channel.cbor(bytes(3), call())))).toBeInstanceOf(ChannelClosed);
    expect(link.messages.map(({ command }) => command)).toEqual([INIT, CBOR, CANCEL]);
    await run(channel.close());
  });

  test('nothing is left waiting after a day full of trouble', async () => {
    const { open, run, clock } = scriptedKey([silence, refuse(6), echo, refuse(4), echo]);
    const channel = await open();
    await errorOf(run(channel.cbor(bytes(1), call())));
    await run(channel.cbor(bytes(2), call()));
    await run(channel.cbor(bytes(3), call()));
    await run(channel.close());
    expect(clock.pendingWaits).toBe(0);
  });
});

describe('telling a U2F-only key', () => {
  const version =
    (answer: Uint8Array): Reaction =>
    ({ channelId, message }, link) => {
      expect(Buffer.from(message).toString('hex')).toBe('00030000000000');
      link.answer(channelId, MSG, answer);
    };
  const withStatus = (text: string, ...status: number[]): Uint8Array => bytes(...Buffer.from(text), ...status);

  test.each<[string, Uint8Array, string | undefined]>([
    ['its version', withStatus('U2F_V2', 0x90, 0x00), 'U2F_V2'],
    ['another status word', withStatus('', 0x6d, 0x00), undefined],
    ['nothing', bytes(), undefined],
  ])('%s', async (_name, answer, expected) => {
    const { open, run } = scriptedKey([version(answer)], 0x01);
    const channel = await open();
    expect(await run(askU2fVersion(channel, call()))).toBe(expected);
  });

  test('a key that says it has no U2F is not asked', async () => {
    const { open, run, sent } = scriptedKey([], 0x0c);
    const channel = await open();
    expect(await run(askU2fVersion(channel, call()))).toBeUndefined();
    expect(sent(MSG)).toBe(0);
  });
});
