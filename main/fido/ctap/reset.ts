import type { HidCall } from '../hid/channel.ts';
import { sendCommand, type CtapTransport } from './command.ts';

/**
 * Erases the key: credentials, PIN, fingerprints, settings. Keys take it for some seconds after they were plugged in
 * (10 by the specification, 5 on older models) and want a touch, a long one where getInfo says `longTouchForReset`.
 * Many enumerate anew afterwards. Source: CTAP 2.3 §6.6 (authenticatorReset). Errors as sendCommand.
 */
export async function resetKey(transport: CtapTransport, call: HidCall): Promise<void> {
  await sendCommand(transport, 'reset', undefined, { ...call, resend: false });
}
