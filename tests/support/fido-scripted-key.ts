// A key at packet height that gives out its channel, and does with every other message what the test says.
import { CtapHidChannel, type HidCall } from '../../main/fido/hid/channel.ts';
import { HID_COMMAND } from '../../main/fido/hid/codes.ts';
import { ScriptedLink, initAnswer, initReport, type HostMessage } from './fido-scripted-link.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandomBytes } from './seeded-random.ts';

export const CHANNEL = 0x0102_0304;
const { INIT, CANCEL, KEEPALIVE, ERROR } = HID_COMMAND;

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export type Reaction = (message: HostMessage, link: ScriptedLink) => void;

/** One reaction after the other; a CANCEL goes to one named `onCancel` or to nobody. */
export function scriptedKey(reactions: readonly Reaction[] = [], capabilities = 0x05) {
  const clock = new ManualClock();
  const left = [...reactions];
  const link = new ScriptedLink((message, self) => {
    if (message.command === INIT) {
      self.answer(message.channelId, INIT, initAnswer(message.message, { channelId: CHANNEL, capabilities }));
    } else if (message.command !== CANCEL || left[0]?.name === 'onCancel') {
      left.shift()?.(message, self);
    }
  });
  const surroundings = { clock, randomBytes: seededRandomBytes('channel') };
  const never = new AbortController().signal;
  const open = (): Promise<CtapHidChannel> => clock.runUntil(CtapHidChannel.open(link, surroundings, { signal: never }));
  const run = <T>(work: Promise<T>): Promise<T> => clock.runUntil(work);
  /** Something that happens so many milliseconds from now. */
  const later = (delayMs: number, event: () => void): void => void clock.wait(delayMs, new AbortController().signal).then(event);
  const sent = (command: number): number => link.messages.filter((message) => message.command === command).length;
  return { clock, link, surroundings, open, run, later, sent, reactionsLeft: () => left.length };
}

export const call = (changes: Partial<HidCall> = {}): HidCall => ({ signal: new AbortController().signal, ...changes });
export const echo: Reaction = ({ channelId, command, message }, link) => link.answer(channelId, command, message);
export const silence: Reaction = () => undefined;
export const refuse =
  (code: number): Reaction =>
  ({ channelId }, link) =>
    link.answer(channelId, ERROR, bytes(code));
export const keepalive = (status: number): Uint8Array => initReport(CHANNEL, KEEPALIVE, 1, bytes(status));

/** What a promise rejected with; an object with `resolved` when it did not. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return { resolved: await work };
  } catch (error) {
    return error;
  }
}
