// One U2F message over CTAPHID. Source: FIDO U2F Raw Message Formats §3 (framing), §3.3 (status codes).
import type { HidCall } from './channel.ts';

/** What U2F needs of a channel. */
export interface U2fChannel {
  readonly device: { readonly canMsg: boolean };
  msg(apdu: Uint8Array, call: HidCall): Promise<Uint8Array>;
}

export const U2F_STATUS = { OK: 0x9000, CONDITIONS_NOT_SATISFIED: 0x6985 } as const;

export interface U2fAnswer {
  /** The status word; `undefined` when the answer is too short for one. */
  readonly status: number | undefined;
  readonly data: Uint8Array;
}

/** Errors as the channel's. */
export async function sendU2f(channel: U2fChannel, apdu: Uint8Array, call: HidCall): Promise<U2fAnswer> {
  const answer = await channel.msg(apdu, call);
  if (answer.length < 2) return { status: undefined, data: new Uint8Array(0) };
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  return { status: view.getUint16(answer.length - 2), data: answer.subarray(0, -2) };
}
