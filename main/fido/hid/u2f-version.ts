// Tells a U2F-only key from one that is merely unwell. Source: FIDO U2F Raw Message Formats §6 (U2F_VERSION).
import type { HidCall } from './channel.ts';

/** What the probe needs of a channel. */
export interface U2fChannel {
  readonly device: { readonly canMsg: boolean };
  msg(apdu: Uint8Array, call: HidCall): Promise<Uint8Array>;
}

const INS_VERSION = 0x03;
const STATUS_WORD_OK = 0x9000;

/** The version a U2F key names, `U2F_V2` in practice; `undefined` when it has none to tell. Errors as the channel's. */
export async function askU2fVersion(channel: U2fChannel, call: HidCall): Promise<string | undefined> {
  if (!channel.device.canMsg) return undefined;
  const answer = await channel.msg(Uint8Array.of(0, INS_VERSION, 0, 0, 0, 0, 0), call);
  if (answer.length < 2) return undefined;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  if (view.getUint16(answer.length - 2) !== STATUS_WORD_OK) return undefined;
  return new TextDecoder().decode(answer.subarray(0, -2));
}
