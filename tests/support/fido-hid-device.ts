// Any authenticator that takes CTAP2 messages, as a CTAPHID device: channels, errors, keep-alives and what makers differ in.
// Its framing is ScriptedLink's, written apart from the client's.
import { ScriptedLink, initAnswer, reportsOf, type HostMessage } from './fido-scripted-link.ts';

/** A command byte and its parameters in, a status byte and its answer out. */
export type CarryOut = (request: Uint8Array) => Promise<Uint8Array>;

export interface HidHabits {
  readonly capabilities?: number;
  /** Bytes of an INIT answer; 17 unless told. */
  readonly initBytes?: number;
  /** Also answers on channels that it never gave out. */
  readonly answersAnyChannel?: boolean;
  /** Bytes of the longest PING it echoes, and whether it refuses a longer one or says nothing. */
  readonly longestPing?: { readonly bytes: number; readonly beyond: 'refused' | 'silence' };
  /** Keep-alives before every CTAP2 answer: 1 processing, 2 touch, others by nobody's list. */
  readonly keepalives?: readonly number[];
  /** Keep-alives after every CTAP2 answer: one that was on its way. */
  readonly lateKeepalives?: readonly number[];
  /** What another program is told, before every answer of ours. */
  readonly foreignAnswer?: boolean;
}

const [PING, INIT, CBOR, CANCEL, KEEPALIVE, ERROR] = [0x01, 0x06, 0x10, 0x11, 0x3b, 0x3f];
const BROADCAST = 0xffff_ffff;
const INVALID_COMMAND = 0x01;
const INVALID_LENGTH = 0x03;
const INVALID_CHANNEL = 0x0b;
const FOREIGN_CHANNEL = 0x0a0b_0c0d;

/** One plugged-in device; each call is another insertion with its own channels. */
export function hidDevice(carryOut: CarryOut, habits: HidHabits = {}): ScriptedLink {
  const channels = new Set<number>();

  const answerCbor = async ({ channelId, message }: HostMessage, link: ScriptedLink): Promise<void> => {
    if (message.length === 0) return link.answer(channelId, ERROR, Uint8Array.of(INVALID_LENGTH));
    for (const status of habits.keepalives ?? []) link.answer(channelId, KEEPALIVE, Uint8Array.of(status));
    const answer = await carryOut(message);
    const reports = reportsOf(channelId, CBOR, answer);
    if (habits.foreignAnswer === true) {
      const foreign = reportsOf(FOREIGN_CHANNEL, CBOR, answer);
      for (const [index, report] of reports.entries()) link.send(foreign[index] ?? report, report);
    } else {
      link.send(...reports);
    }
    for (const status of habits.lateKeepalives ?? []) link.answer(channelId, KEEPALIVE, Uint8Array.of(status));
  };

  const answerPing = ({ channelId, message }: HostMessage, link: ScriptedLink): void => {
    const { bytes, beyond } = habits.longestPing ?? { bytes: 7_609, beyond: 'refused' };
    if (message.length <= bytes) link.answer(channelId, PING, message);
    else if (beyond === 'refused') link.answer(channelId, ERROR, Uint8Array.of(INVALID_LENGTH));
  };

  return new ScriptedLink((sent, link) => {
    const { channelId, command, message } = sent;
    if (command === INIT) {
      const given = channelId === BROADCAST ? 0x0100_0000 + channels.size : channelId;
      channels.add(given);
      const { capabilities = 0x0c, initBytes: length = 17 } = habits;
      return link.answer(channelId, INIT, initAnswer(message, { channelId: given, capabilities, length }));
    }
    if (!channels.has(channelId) && habits.answersAnyChannel !== true) {
      return link.answer(channelId, ERROR, Uint8Array.of(INVALID_CHANNEL));
    }
    if (command === CBOR) return void answerCbor(sent, link);
    if (command === PING) return answerPing(sent, link);
    if (command !== CANCEL) link.answer(channelId, ERROR, Uint8Array.of(INVALID_COMMAND));
  });
}
