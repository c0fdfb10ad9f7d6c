// CTAPHID: reports put together, and a whole channel with a key that follows the input like a script.
import { CtapHidChannel } from '../../../main/fido/hid/channel.ts';
import { HID_COMMAND } from '../../../main/fido/hid/codes.ts';
import { ChannelClosed, CtapHidError, KeyNotAnswering } from '../../../main/fido/hid/errors.ts';
import { MessageAssembly, decodeFrame, maxMessageBytes } from '../../../main/fido/hid/frames.ts';
import { PacketLinkClosed } from '../../../main/fido/hid/packet-link.ts';
import { ProtocolViolation } from '../../../main/fido/protocol-violation.ts';
import { ScriptedLink, continuationReport, initAnswer, initReport, reportsOf } from '../../support/fido-scripted-link.ts';
import { seededRandomBytes } from '../../support/seeded-random.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { QuickClock } from '../engine/quick-clock.ts';
import { promise, unless } from './promises.ts';

const CHANNEL = 0x0102_0304;
const { INIT, CBOR, MSG, PING, KEEPALIVE, ERROR } = HID_COMMAND;
const PATTERN = Uint8Array.from({ length: 7_609 }, (_, index) => index % 256);
const counting = (length: number): Uint8Array => PATTERN.subarray(0, length);

/** A first byte gives the size of a report; the rest is reports of that size, the last one perhaps cut short. */
export const hidFrames: FuzzTarget = {
  name: 'hid-frames',
  seeds: () =>
    [0, 57, 58, 117, 1_000].map((length) =>
      Uint8Array.from([64, ...reportsOf(CHANNEL, CBOR, counting(length)).flatMap((report) => [...report])]),
    ),
  maxBytes: 8_500,
  slice: 6_000,
  budget: { steps: 1_000, bytes: 70_000, perByte: 4 },
  run: (input) => {
    const reportBytes = Math.max(1, input[0] ?? 64);
    let assembly: MessageAssembly | undefined;
    let announced = 0;
    for (let at = 1; at < input.length; at += reportBytes) {
      const report = input.subarray(at, at + reportBytes);
      const frame = unless([ProtocolViolation], () => decodeFrame(report));
      if (frame === undefined) return;
      if (frame.kind === 'init') {
        assembly = unless([ProtocolViolation], () => new MessageAssembly(frame, reportBytes));
        announced = frame.messageBytes;
        const isRefused = assembly === undefined;
        promise(isRefused === announced > maxMessageBytes(reportBytes), 'only what can’t be carried is refused');
        if (isRefused) return;
      } else if (assembly && assembly.message === undefined) {
        const current = assembly;
        if (unless([ProtocolViolation], () => (current.add(frame), true)) === undefined) return;
      }
      const message = assembly?.message;
      promise(message === undefined || message.length === announced, 'a message is as long as it said');
    }
  },
};

const CALL_ERRORS = [CtapHidError, KeyNotAnswering, ProtocolViolation, PacketLinkClosed, ChannelClosed];
const GAVE_UP = 'gave up';
const MOST_OPERATIONS = 96;
const MOST_CALLS = 12;
/** More than any bounded wait: calls that wait their turn are given up all at once, so one patience is enough for all. */
const PATIENCE_MS = 20_000;

export const hidChannel: FuzzTarget = {
  name: 'hid-channel',
  seeds: () => [
    Uint8Array.of(7, 0, 100, 3, 0, 200, 6, 0, 10, 8, 20, 3, 0, 20),
    Uint8Array.of(7, 0, 1, 4, 2, 6, 0, 100, 4, 2, 9, 6, 0, 50, 5, 6, 6, 1, 0),
    Uint8Array.of(7, 2, 0, 5, 6, 6, 3, 0, 7, 0, 5, 5, 4, 6, 1, 0, 3, 0, 9),
    Uint8Array.of(7, 0, 9, 0, 0x90, 0, 150, 1, 0, 1, 1, 6, 9, 0, 10, 7, 0, 3, 3, 1, 0),
    Uint8Array.of(14, 7, 0, 9, 5, 11, 6, 10, 0, 10, 3, 0, 4, 8, 3, 12, 7, 0, 9, 6, 20, 0, 11),
  ],
  maxBytes: 400,
  slice: 1_200,
  budget: { steps: 60_000, bytes: 400_000, perByte: 4_000 },
  run: (input) => new ChannelStory(input).tell(),
};

class ChannelStory {
  readonly #input: Uint8Array;
  readonly #clock = new QuickClock();
  readonly #link: ScriptedLink;
  readonly #calls: { readonly giveUp: AbortController; readonly ended: Promise<unknown>; isOver: boolean }[] = [];
  #at = 0;
  #answersInit = true;
  #lastInit: { readonly channelId: number; readonly nonce: Uint8Array } | undefined;
  #lastCommand: number = CBOR;

  constructor(input: Uint8Array) {
    this.#input = input;
    this.#link = new ScriptedLink(({ channelId, command, message }) => {
      if (command !== INIT) {
        this.#lastCommand = command;
        return;
      }
      this.#lastInit = { channelId, nonce: message };
      if (this.#answersInit) this.#link.answer(channelId, INIT, initAnswer(message, { channelId: CHANNEL }));
    });
  }

  async tell(): Promise<void> {
    const surroundings = { clock: this.#clock, randomBytes: seededRandomBytes('fuzz') };
    const channel = await CtapHidChannel.open(this.#link, surroundings, { signal: new AbortController().signal });
    for (let operations = 0; operations < MOST_OPERATIONS && this.#at < this.#input.length; operations += 1) {
      await this.#step(channel);
    }
    for (const { giveUp } of this.#calls) giveUp.abort(GAVE_UP);
    await this.#clock.advance(PATIENCE_MS);
    promise(
      this.#calls.every(({ isOver }) => isOver),
      'every call ends soon after it was given up',
    );
    await Promise.all(this.#calls.map(({ ended }) => ended));
    let isClosed = false;
    const closing = channel.close().then(() => (isClosed = true));
    await this.#clock.advance(PATIENCE_MS);
    promise(isClosed, 'a channel closes soon');
    await closing;
    promise(this.#clock.pendingWaits === 0, 'nothing is left waiting');
  }

  async #step(channel: CtapHidChannel): Promise<void> {
    switch (this.#byte() & 15) {
      case 0:
        return this.#link.send(initReport(CHANNEL, this.#byte() & 0x7f, this.#word(), this.#part(57)));
      case 1:
        return this.#link.send(continuationReport(CHANNEL, this.#byte() & 0x7f, this.#part(59)));
      case 2:
        return this.#link.send(initReport(this.#word(), this.#byte() & 0x7f, this.#word(), this.#part(57)));
      case 3:
        return this.#link.answer(CHANNEL, this.#lastCommand, counting(this.#word() % 7_610));
      case 4:
        return this.#link.send(initReport(CHANNEL, KEEPALIVE, 1, Uint8Array.of(this.#byte())));
      case 5:
        return this.#link.send(initReport(CHANNEL, ERROR, 1, Uint8Array.of(this.#byte())));
      case 6:
        return this.#clock.advance(this.#word());
      case 7:
        return this.#call((signal) => channel.transact(CBOR, counting(this.#word() % 7_610), { signal }));
      case 8:
        return this.#call((signal) => channel.transact(PING, counting(this.#byte()), { signal }));
      case 9:
        return this.#calls[this.#byte() % Math.max(1, this.#calls.length)]?.giveUp.abort(GAVE_UP);
      case 10:
        this.#answersInit = (this.#byte() & 1) === 0;
        return;
      case 11:
        if (this.#byte() > 200) this.#link.unplug();
        return;
      case 12:
        this.#link.takesWrites = (this.#byte() & 3) !== 0;
        return;
      case 13: {
        const { channelId, nonce } = this.#lastInit ?? { channelId: CHANNEL, nonce: counting(8) };
        const [first, second] = [this.#byte(), this.#byte()];
        const options = { channelId: first === 0 ? CHANNEL : first, length: 17 + (second >> 4) };
        return this.#link.answer(channelId, INIT, initAnswer(nonce, options).subarray(0, second === 1 ? 16 : undefined));
      }
      case 14:
        return this.#call((signal) => channel.transact(MSG, counting(this.#byte()), { signal }));
      default:
        return this.#clock.advance(this.#byte());
    }
  }

  #call(begin: (signal: AbortSignal) => Promise<Uint8Array>): void {
    if (this.#calls.length >= MOST_CALLS) return;
    const giveUp = new AbortController();
    const call = { giveUp, isOver: false, ended: Promise.resolve<unknown>(undefined) };
    call.ended = begin(giveUp.signal).then(
      (answer) => {
        call.isOver = true;
        promise(answer.length <= 7_609, 'an answer fits into a message');
      },
      (error: unknown) => {
        call.isOver = true;
        if (error !== GAVE_UP && !CALL_ERRORS.some((kind) => error instanceof kind)) throw error;
      },
    );
    // Looked at in the end; until then it may have failed without anybody waiting.
    call.ended.catch(() => undefined);
    this.#calls.push(call);
  }

  #byte(): number {
    const byte = this.#input[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }

  #word(): number {
    return this.#byte() * 256 + this.#byte();
  }

  /** A few bytes of the input, as many as the next one says. */
  #part(most: number): Uint8Array {
    const length = this.#byte() % (most + 1);
    const part = this.#input.slice(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
}
