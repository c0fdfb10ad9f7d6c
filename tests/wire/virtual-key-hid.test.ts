import { describe, expect, test } from 'vitest';
import { withQuirks } from '../../main/simulator/key/key-model.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { BROADCAST, HID, RawHost, report, reportsOf } from '../support/raw-host.ts';

const { modern, u2fOnly } = TRAINING_KEYS;

async function modernHost() {
  const bench = await keyBench(modern);
  return { ...bench, host: new RawHost(bench.link, bench.clock) };
}

function hidError(channel: number, code: number) {
  return { channel, command: HID.error, payload: Uint8Array.of(code) };
}

describe('channels', () => {
  test('INIT answers with the nonce, a new channel, protocol 2, the firmware and honest capabilities', async () => {
    const { host } = await modernHost();
    const answer = await host.init(Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2));
    expect(answer).toHaveLength(17);
    expect([...answer.subarray(0, 8)]).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
    expect([...answer.subarray(12)]).toEqual([2, 2, 1, 4, 0x01 | 0x04 | 0x08]);
    expect(host.channel).not.toBe(0);
    expect(host.channel).not.toBe(BROADCAST);
  });

  test('every INIT on the broadcast channel gives another channel', async () => {
    const { host } = await modernHost();
    const channels = new Set<number>();
    for (let round = 0; round < 5; round += 1) {
      await host.init();
      channels.add(host.channel);
    }
    expect(channels.size).toBe(5);
  });

  test('the oldest channel is forgotten when there are too many', async () => {
    const { host } = await modernHost();
    await host.init();
    const oldest = host.channel;
    for (let round = 0; round < modern.model.hid.channels; round += 1) await host.init();
    await host.send(HID.ping, Uint8Array.of(1), oldest);
    expect(await host.nextMessage()).toEqual(hidError(oldest, 0x0b));
  });

  test.each([
    ['channel 0', 0],
    ['a channel never given out', 0x01020304],
    ['the broadcast channel', BROADCAST],
  ])('%s is refused with INVALID_CHANNEL', async (_, channel) => {
    const { host } = await modernHost();
    await host.send(HID.ping, Uint8Array.of(1), channel);
    expect(await host.nextMessage()).toEqual(hidError(channel, 0x0b));
  });

  test('the quirk answers-any-channel answers where a good key refuses', async () => {
    const bench = await keyBench({ model: withQuirks(modern.model, 'answers-any-channel'), memory: {} });
    const host = new RawHost(bench.link, bench.clock);
    await host.send(HID.ping, Uint8Array.of(1), 0x01020304);
    expect(await host.nextMessage()).toMatchObject({ channel: 0x01020304, command: HID.ping });
  });

  test('INIT of another length is refused', async () => {
    const { host } = await modernHost();
    await host.send(HID.init, new Uint8Array(7), BROADCAST);
    expect(await host.nextMessage()).toEqual(hidError(BROADCAST, 0x03));
  });

  test('INIT on the own channel keeps it and drops the message that was arriving', async () => {
    const { host } = await modernHost();
    await host.init();
    const own = host.channel;
    const [first, second] = reportsOf(own, HID.ping, new Uint8Array(100).fill(7));
    await host.write(first ?? report(0));
    await host.send(HID.init, new Uint8Array(8).fill(5), own);
    const { channel, payload } = await host.nextMessage();
    expect(channel).toBe(own);
    expect(new DataView(payload.buffer, payload.byteOffset).getUint32(8)).toBe(own);
    await host.write(second ?? report(0));
    expect(await host.isSilentFor(2_000)).toBe(true);
  });
});

describe('framing', () => {
  test.each([0, 1, 56, 57, 58, 116, 117, 175, 7609])('echoes a PING of %i bytes', async (length) => {
    const { host } = await modernHost();
    await host.init();
    const data = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
    await host.send(HID.ping, data);
    expect(await host.nextMessage()).toEqual({ channel: host.channel, command: HID.ping, payload: data });
  });

  test('a message longer than framing allows is INVALID_LEN', async () => {
    const { host } = await modernHost();
    await host.init();
    await host.write(report(host.channel, 0x80 | HID.ping, 7610 >> 8, 7610 & 0xff));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x03));
  });

  test('a packet out of sequence is INVALID_SEQ, and the message is dropped', async () => {
    const { host } = await modernHost();
    await host.init();
    const [first, second, third] = reportsOf(host.channel, HID.ping, new Uint8Array(150));
    await host.write(first ?? report(0), third ?? report(0));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x04));
    await host.write(second ?? report(0), third ?? report(0));
    expect(await host.isSilentFor(2_000)).toBe(true);
  });

  test('a second start packet inside a message is INVALID_SEQ', async () => {
    const { host } = await modernHost();
    await host.init();
    await host.write(...reportsOf(host.channel, HID.ping, new Uint8Array(100)).slice(0, 1));
    await host.send(HID.ping, new Uint8Array(1));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x04));
  });

  test('an unfinished message times out 500 ms after its last packet, not after its first', async () => {
    const { host, clock } = await modernHost();
    await host.init();
    const reports = reportsOf(host.channel, HID.ping, new Uint8Array(200));
    await host.write(...reports.slice(0, 1));
    expect(await host.isSilentFor(400)).toBe(true);
    await host.write(...reports.slice(1, 2));
    expect(await host.isSilentFor(499)).toBe(true);
    await clock.advance(1);
    expect(await host.nextMessage(0)).toEqual(hidError(host.channel, 0x05));
  });

  test('a continuation of nothing and a CANCEL of nothing are ignored', async () => {
    const { host } = await modernHost();
    await host.init();
    await host.write(report(host.channel, 0x00, 1, 2, 3));
    await host.send(HID.cancel, new Uint8Array(0));
    expect(await host.isSilentFor(2_000)).toBe(true);
  });

  test.each([
    ['LOCK, which this key lacks', HID.lock],
    ['MSG on a key with NMSG', HID.msg],
    ['an unknown command', 0x2a],
  ])('%s is INVALID_CMD', async (_, command) => {
    const { host } = await modernHost();
    await host.init();
    await host.send(command, Uint8Array.of(1));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x01));
  });

  test('an empty CBOR message is INVALID_LEN', async () => {
    const { host } = await modernHost();
    await host.init();
    await host.send(HID.cbor, new Uint8Array(0));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x03));
  });

  test('WINK is echoed and seen', async () => {
    const { host, key } = await modernHost();
    let winks = 0;
    key.onEvent(({ kind }) => void (winks += kind === 'winked' ? 1 : 0));
    await host.init();
    await host.send(HID.wink, new Uint8Array(0));
    expect(await host.nextMessage()).toMatchObject({ command: HID.wink });
    expect(winks).toBe(1);
  });
});

describe('one transaction at a time', () => {
  test('while a message arrives, other channels are told BUSY and it still completes', async () => {
    const { host } = await modernHost();
    await host.init();
    const first = host.channel;
    await host.init();
    const second = host.channel;
    const reports = reportsOf(first, HID.ping, new Uint8Array(100).fill(3));
    await host.write(...reports.slice(0, 1));
    await host.send(HID.ping, Uint8Array.of(1), second);
    expect(await host.nextMessage()).toEqual(hidError(second, 0x06));
    await host.write(...reports.slice(1));
    expect(await host.nextMessage()).toMatchObject({ channel: first, command: HID.ping });
  });

  test('while the key waits for a touch, others are BUSY, INIT still gives channels, and the waiting goes on', async () => {
    const { host, key, usb, path, clock } = await modernHost();
    await host.init();
    await host.sendCbor(0x0b);
    expect(await host.nextMessage()).toMatchObject({ command: HID.keepalive });
    const other = new RawHost(await usb.open(path), clock);
    await other.init();
    await other.send(HID.ping, Uint8Array.of(1));
    expect(await other.nextMessage()).toEqual(hidError(other.channel, 0x06));
    expect(key.touch()).toBe(true);
    expect(await host.cborAnswer()).toMatchObject({ status: 0 });
  });

  test('a second request on the same channel is BUSY while the first is answered', async () => {
    const { host } = await modernHost();
    await host.init();
    await host.sendCbor(0x0b);
    await host.nextMessage();
    await host.send(HID.ping, Uint8Array.of(1));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x06));
  });

  test('every handle sees every report', async () => {
    const { host, usb, path, clock } = await modernHost();
    const eavesdropper = new RawHost(await usb.open(path), clock);
    await host.init();
    await host.send(HID.ping, Uint8Array.of(0x42));
    expect(await host.nextMessage()).toMatchObject({ command: HID.ping });
    expect(await eavesdropper.nextMessage()).toMatchObject({ channel: BROADCAST, command: HID.init });
    expect(await eavesdropper.nextMessage()).toMatchObject({ channel: host.channel, payload: Uint8Array.of(0x42) });
  });
});

describe('keep-alive, touch and cancel', () => {
  test('UPNEEDED comes at once and then every 100 ms, until the touch', async () => {
    const { host, key, clock } = await modernHost();
    await host.init();
    const startedMs = clock.nowMs();
    await host.sendCbor(0x0b);
    for (let count = 0; count < 5; count += 1) {
      expect(await host.nextMessage()).toMatchObject({ command: HID.keepalive, payload: Uint8Array.of(2) });
    }
    expect(clock.nowMs() - startedMs).toBe(400);
    key.touch();
    expect(await host.cborAnswer()).toMatchObject({ status: 0 });
    expect(await host.isSilentFor(1_000)).toBe(true);
  });

  test('PROCESSING comes while the key computes', async () => {
    const ctap2 = modern.model.ctap2;
    const bench = await keyBench({ model: { ...modern.model, ctap2: { ...ctap2!, thinkingMs: 350 } }, memory: {} });
    const host = new RawHost(bench.link, bench.clock);
    await host.init();
    const { status, keepalives } = await host.cbor(0x04);
    expect(status).toBe(0);
    expect(keepalives).toEqual([1, 1, 1]);
  });

  test('nobody touches: 0x2F after 30 s', async () => {
    const { host, clock, key } = await modernHost();
    await host.init();
    const startedMs = clock.nowMs();
    await host.sendCbor(0x0b);
    expect(await host.cborAnswer()).toMatchObject({ status: 0x2f });
    expect(clock.nowMs() - startedMs).toBe(30_000);
    expect(key.awaitingTouch).toBe(false);
  });

  test('CANCEL ends the wait with 0x2D, and only from the own channel', async () => {
    const { host } = await modernHost();
    await host.init();
    const other = host.channel;
    await host.init();
    await host.sendCbor(0x0b);
    await host.send(HID.cancel, new Uint8Array(0), other);
    for (let count = 0; count < 3; count += 1) expect(await host.nextMessage()).toMatchObject({ command: HID.keepalive });
    await host.send(HID.cancel, new Uint8Array(0));
    const { status } = await host.cborAnswer();
    expect(status).toBe(0x2d);
    expect(await host.cbor(0x04)).toMatchObject({ status: 0 });
  });

  test('the quirk ignores-cancel waits on', async () => {
    const bench = await keyBench({ model: withQuirks(modern.model, 'ignores-cancel'), memory: {} });
    const host = new RawHost(bench.link, bench.clock);
    await host.init();
    await host.sendCbor(0x0b);
    await host.send(HID.cancel, new Uint8Array(0));
    expect(await host.cborAnswer()).toMatchObject({ status: 0x2f });
  });

  test('INIT on the own channel ends a wait without an answer', async () => {
    const { host, key } = await modernHost();
    await host.init();
    await host.sendCbor(0x0b);
    await host.nextMessage();
    await host.send(HID.init, new Uint8Array(8));
    expect(await host.nextMessage()).toMatchObject({ command: HID.init });
    expect(key.awaitingTouch).toBe(false);
    expect(await host.isSilentFor(2_000)).toBe(true);
  });

  test('the touch is observable, a touch too early is ignored, and autoTouch comes when told', async () => {
    const { host, key, clock } = await modernHost();
    const seen: boolean[] = [];
    const stop = key.onAwaitingTouch((awaiting) => void seen.push(awaiting));
    await host.init();
    expect(key.touch()).toBe(false);
    key.autoTouch(1_500);
    const startedMs = clock.nowMs();
    expect(await host.cbor(0x0b)).toMatchObject({ status: 0 });
    expect(clock.nowMs() - startedMs).toBe(1_500);
    stop();
    expect(await host.cbor(0x0b)).toMatchObject({ status: 0 });
    expect(seen).toEqual([true, false]);
    expect(clock.pendingWaits).toBe(0);
  });
});

describe('a U2F-only key', () => {
  test('has no CBOR capability, refuses CBOR, and says U2F_V2', async () => {
    const bench = await keyBench(u2fOnly);
    const host = new RawHost(bench.link, bench.clock);
    const answer = await host.init();
    expect(answer[16]).toBe(0x01);
    await host.send(HID.cbor, Uint8Array.of(0x04));
    expect(await host.nextMessage()).toEqual(hidError(host.channel, 0x01));
    await host.send(HID.msg, Uint8Array.of(0, 3, 0, 0, 0, 0, 0));
    expect(await host.nextMessage()).toMatchObject({ payload: Uint8Array.from([...Buffer.from('U2F_V2'), 0x90, 0x00]) });
  });

  test.each([
    ['another class', [0x80, 3, 0, 0], [0x6e, 0x00]],
    ['register without its 64 bytes', [0, 1, 3, 0, 0, 0, 64], [0x67, 0x00]],
    ['an instruction of tomorrow', [0, 9, 0, 0], [0x6d, 0x00]],
    ['version with data', [0, 3, 0, 0, 1, 9], [0x67, 0x00]],
    ['too short', [0, 3], [0x67, 0x00]],
  ])('refuses %s', async (_, apdu, status) => {
    const bench = await keyBench(u2fOnly);
    const host = new RawHost(bench.link, bench.clock);
    await host.init();
    await host.send(HID.msg, Uint8Array.from(apdu));
    expect([...(await host.nextMessage()).payload]).toEqual(status);
  });
});
