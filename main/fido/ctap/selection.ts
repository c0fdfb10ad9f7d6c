import type { HidCall } from '../hid/channel.ts';
import { sendCommand, type CtapTransport } from './command.ts';

/**
 * Resolves when this key was touched; for telling several plugged-in keys apart. Needs FIDO_2_1 in getInfo's versions.
 * Source: CTAP 2.3 §6.9 (authenticatorSelection). Errors as sendCommand.
 */
export async function selectByTouch(transport: CtapTransport, call: HidCall): Promise<void> {
  await sendCommand(transport, 'selection', undefined, call);
}
