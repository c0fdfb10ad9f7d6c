// Tells a U2F-only key from one that is merely unwell. Source: FIDO U2F Raw Message Formats §6 (U2F_VERSION).
import type { HidCall } from './channel.ts';
import { sendU2f, U2F_STATUS, type U2fChannel } from './u2f-message.ts';

const INS_VERSION = 0x03;

/** The version a U2F key names, `U2F_V2` in practice; `undefined` when it has none to tell. Errors as the channel's. */
export async function askU2fVersion(channel: U2fChannel, call: HidCall): Promise<string | undefined> {
  if (!channel.device.canMsg) return undefined;
  const { status, data } = await sendU2f(channel, Uint8Array.of(0, INS_VERSION, 0, 0, 0, 0, 0), call);
  return status === U2F_STATUS.OK ? new TextDecoder().decode(data) : undefined;
}
