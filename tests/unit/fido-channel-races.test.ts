// What is true at the same moment: an answer and its deadline, an answer and its cancellation, a reset channel and another
// program's turn. And links that hand over other reports than agreed, or errors of their own.
import { describe, expect, test } from 'vitest';
import { STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import { HID_COMMAND, HID_ERROR } from '../../main/fido/hid/codes.ts';
import { KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { CHANNEL, bytes, call, echo, errorOf, keepalive, refuse, scriptedKey, silence } from '../support/fido-scripted-key.ts';
import { initAnswer, initReport, reportsOf } from '../support/fido-scripted-link.ts';

const { INIT, CBOR, MSG, CANCEL, ERROR, PING } = HID_COMMAND;
const { responseTimeoutMs, cancelTimeoutMs } = STANDARD_TIMING;

/** The process is held up: time passes, and what arrives meanwhile is looked at only after the timers. */
function sleepThrough(key: ReturnType<typeof scriptedKey>, forMs: number, meanwhile: readonly Uint8Array[]): void {
  const read = key.link.read.bind(key.link);
  key.link.read = async (signal) => {
    key.link.read = read;
    await key.clock.advance(forMs);
    key.link.send(...meanwhile);
    return read(signal);
  };
}

describe('an answer that is there when its time is over', () => {
  test('counts: the key was in time, this side was held up', async () => {
    const key = scriptedKey([silence]);
    const channel = await key.open();
    sleepThrough(key, responseTimeoutMs + 5_000, reportsOf(CHANNEL, CBOR, new Uint8Array(200).fill(7)));
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(new Uint8Array(200).fill(7));
    expect(key.sent(INIT)).toBe(1);
    expect(key.clock.pendingWaits).toBe(0);
  });

  test('counts also when the device is looked at only in the next turn of the event loop', async () => {
    const key = scriptedKey([silence]);
    const channel = await key.open();
    key.later(responseTimeoutMs, () => setImmediate(() => key.link.answer(CHANNEL, CBOR, bytes(0))));
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(0));
  });

  test('of INIT too', async () => {
    const key = scriptedKey();
    const answer = key.link.answer.bind(key.link);
    key.link.answer = (channelId, command, message) =>
      sleepThrough(key, responseTimeoutMs + 5_000, reportsOf(channelId, command, message));
    expect((await key.open()).device.channelId).toBe(CHANNEL);
    key.link.answer = answer;
    expect(key.sent(INIT)).toBe(1);
  });

  test('does not when only its beginning is', async () => {
    const key = scriptedKey([silence, echo]);
    const channel = await key.open();
    const [first = bytes()] = reportsOf(CHANNEL, CBOR, new Uint8Array(200));
    sleepThrough(key, responseTimeoutMs + 1, [first]);
    expect(await errorOf(key.run(channel.cbor(bytes(1), call())))).toBeInstanceOf(KeyNotAnswering);
    expect(await key.run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
  });

  test('keep-alives that are there give the key its time again', async () => {
    const key = scriptedKey([silence]);
    const channel = await key.open();
    sleepThrough(key, responseTimeoutMs + 1, [keepalive(2)]);
    key.later(responseTimeoutMs + 2_000, () => key.link.answer(CHANNEL, CBOR, bytes(0)));
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(0));
  });

  test('reports without end that are no answer do not outlast the deadline', async () => {
    const key = scriptedKey([silence, echo]);
    const channel = await key.open();
    const foreign = initReport(0x0505_0505, CBOR, 1, bytes(0));
    const read = key.link.read.bind(key.link);
    let reads = 0;
    key.link.read = (signal) => {
      const isOver = key.clock.nowMs() >= startedMs + responseTimeoutMs;
      if (!isOver || key.sent(INIT) > 1) return read(signal);
      reads += 1;
      return Promise.resolve(foreign);
    };
    const startedMs = key.clock.nowMs();
    expect(await errorOf(key.run(channel.cbor(bytes(1), call())))).toBeInstanceOf(KeyNotAnswering);
    expect(reads).toBeGreaterThan(129);
    expect(reads).toBeLessThan(1_000);
  });
});

describe('an answer that crosses a cancellation', () => {
  const cancelAfter = (key: ReturnType<typeof scriptedKey>): AbortSignal => {
    const stop = new AbortController();
    key.later(1_000, () => stop.abort('enough'));
    return stop.signal;
  };

  test('is followed by INIT, so that an answer to the CANCEL itself is not taken for the next one', async () => {
    const key = scriptedKey([
      silence,
      function onCancel({ channelId }, link) {
        link.answer(channelId, CBOR, bytes(0, 0xa0));
        link.answer(channelId, CBOR, bytes(0x2d)); // the key answers the CANCEL as well
      },
      echo,
    ]);
    const channel = await key.open();
    expect(await key.run(channel.cbor(bytes(1), call({ signal: cancelAfter(key) })))).toEqual(bytes(0, 0xa0));
    expect(await key.run(channel.cbor(bytes(9), call()))).toEqual(bytes(9));
    expect(key.sent(INIT)).toBe(2);
  });

  test('a U2F answer that comes late costs no INIT: nothing was sent that could be answered twice', async () => {
    const key = scriptedKey([silence, echo]);
    const channel = await key.open();
    key.later(1_500, () => key.link.answer(CHANNEL, MSG, bytes(0x90, 0)));
    expect(await key.run(channel.msg(bytes(1), call({ signal: cancelAfter(key) })))).toEqual(bytes(0x90, 0));
    expect(await key.run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    expect([key.sent(INIT), key.sent(CANCEL)]).toEqual([1, 0]);
  });

  test('a status of key with an empty map behind it is one too', async () => {
    const key = scriptedKey([
      silence,
      function onCancel({ channelId }, link) {
        link.answer(channelId, CBOR, bytes(0x2d, 0xa0));
      },
    ]);
    const channel = await key.open();
    expect(await errorOf(key.run(channel.cbor(bytes(1), call({ signal: cancelAfter(key) }))))).toBe('enough');
  });
});

describe('getting into step while another program has its turn', () => {
  /** A key that is silent once, and then answers INIT so many times with this error. */
  const busyAtInit = (code: number, times: number) => {
    const key = scriptedKey([silence, echo]);
    let inits = 0;
    const answer = key.link.answer.bind(key.link);
    key.link.answer = (channelId, command, message) => {
      if (command === INIT) inits += 1;
      if (command === INIT && inits > 1 && inits <= 1 + times) return answer(channelId, ERROR, bytes(code));
      return answer(channelId, command, message);
    };
    return key;
  };

  test.each([HID_ERROR.CHANNEL_BUSY, HID_ERROR.LOCK_REQUIRED])('INIT refused with %i is tried again', async (code) => {
    const key = busyAtInit(code, 3);
    const channel = await key.open();
    expect(await errorOf(key.run(channel.cbor(bytes(1), call())))).toBeInstanceOf(KeyNotAnswering);
    expect(await key.run(channel.cbor(bytes(2), call({ resend: false })))).toEqual(bytes(2));
    expect(key.sent(CBOR)).toBe(2);
  });

  test('but not without end', async () => {
    const key = busyAtInit(HID_ERROR.CHANNEL_BUSY, 1_000);
    const channel = await key.open();
    await errorOf(key.run(channel.cbor(bytes(1), call())));
    const startedMs = key.clock.nowMs();
    expect(await errorOf(key.run(channel.cbor(bytes(2), call())))).toMatchObject({ codeName: 'CHANNEL_BUSY' });
    expect(key.clock.nowMs() - startedMs).toBeLessThan(3_000);
  });
});

describe('a key that goes on with what it has refused', () => {
  test('its answer to that is swallowed, and the message sent again is answered by itself', async () => {
    const key = scriptedKey([
      ({ channelId, message }, link) => {
        link.answer(channelId, ERROR, bytes(HID_ERROR.INVALID_SEQ));
        // Some take the packets that still come for the rest of the old message.
        key.later(STANDARD_TIMING.drainMs - 1, () => link.answer(channelId, CBOR, bytes(0xee, ...message)));
      },
      echo,
      echo,
    ]);
    const channel = await key.open();
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
    expect(await key.run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
    expect([key.sent(INIT), key.sent(CBOR)]).toEqual([2, 3]);
  });
});

describe('a link that is not as agreed', () => {
  const shortened = (length: number) => (report: Uint8Array) => report.slice(0, length);
  const lengthened = (report: Uint8Array): Uint8Array => Uint8Array.from([...report, 0, 0, 0]);

  const withReports = (change: (report: Uint8Array) => Uint8Array) => {
    const key = scriptedKey([echo, echo]);
    const send = key.link.send.bind(key.link);
    key.link.send = (...reports) => send(...reports.map(change));
    return key;
  };

  test.each([24, 32, 63])('reports cut to %i bytes still carry what fits into them', async (length) => {
    const key = withReports(shortened(length));
    const channel = await key.open();
    expect(await key.run(channel.cbor(bytes(1, 2, 3), call()))).toEqual(bytes(1, 2, 3));
  });

  test.each([8, 16, 23])('an INIT answer cut to %i bytes is a violation, no crash', async (length) => {
    expect(await errorOf(withReports(shortened(length)).open())).toBeInstanceOf(
      length < 15 ? KeyNotAnswering : ProtocolViolation,
    );
  });

  test.each([0, 1, 4, 6])('reports of %i bytes are nobody’s', async (length) => {
    expect(await errorOf(withReports(shortened(length)).open())).toBeInstanceOf(KeyNotAnswering);
  });

  test('reports with padding behind them', async () => {
    const key = withReports(lengthened);
    const channel = await key.open();
    const long = Uint8Array.from({ length: 300 }, (_, index) => index & 0xff);
    expect(await key.run(channel.cbor(long, call()))).toEqual(long);
  });

  test.each(['EACCES', 'EPIPE', 'EIO'])(
    'an error of its own (%s) is told as it is, and nothing is left waiting',
    async (code) => {
      const key = scriptedKey([echo, silence, echo]);
      const channel = await key.open();
      const trouble = Object.assign(new Error('write failed'), { code });
      const write = key.link.write.bind(key.link);
      key.link.write = () => Promise.reject(trouble);
      expect(await errorOf(key.run(channel.cbor(bytes(1), call())))).toBe(trouble);
      key.link.write = write;
      const read = key.link.read.bind(key.link);
      expect(await key.run(channel.cbor(bytes(2), call()))).toEqual(bytes(2));
      key.link.read = () => Promise.reject(trouble);
      expect(await errorOf(key.run(channel.cbor(bytes(3), call())))).toBe(trouble);
      key.link.read = read;
      expect(await key.run(channel.cbor(bytes(4), call()))).toEqual(bytes(4));
      expect(key.clock.pendingWaits).toBe(0);
    },
  );
});

describe('a key that has no ear for long PINGs', () => {
  test('refused for its length: told at once', async () => {
    const key = scriptedKey([refuse(HID_ERROR.INVALID_LEN), echo]);
    const channel = await key.open();
    expect(await errorOf(key.run(channel.ping(new Uint8Array(7_609), call())))).toMatchObject({ codeName: 'INVALID_LEN' });
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
  });

  test('never answered: given up in time, and in step afterwards', async () => {
    const key = scriptedKey([silence, echo]);
    const channel = await key.open();
    const startedMs = key.clock.nowMs();
    const error = await errorOf(key.run(channel.ping(new Uint8Array(7_609), call())));
    expect(error).toMatchObject({ manner: 'silent', command: PING });
    expect(key.clock.nowMs() - startedMs).toBeLessThanOrEqual(responseTimeoutMs + cancelTimeoutMs);
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
  });
});

describe('two INIT answers, the longer one first', () => {
  test('are told apart by their nonces, whatever their length', async () => {
    const key = scriptedKey([echo]);
    const answer = key.link.answer.bind(key.link);
    key.link.answer = (channelId, command, message) => {
      if (command === INIT) answer(channelId, INIT, initAnswer(new Uint8Array(8).fill(9), { channelId: 0x0909, length: 100 }));
      answer(channelId, command, message);
    };
    const channel = await key.open();
    expect(channel.device.channelId).toBe(CHANNEL);
    expect(await key.run(channel.cbor(bytes(1), call()))).toEqual(bytes(1));
  });
});
