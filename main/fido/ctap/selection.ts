// Which key a person means: the one that is touched. Source: CTAP 2.3 §6.9 (authenticatorSelection), §6.1.2 step 1.
import type { HidCall } from '../hid/channel.ts';
import { COSE_ALGORITHM } from '../bytes/cose.ts';
import { sendCommand, type CtapTransport } from './command.ts';
import { makeCredential } from './make-credential.ts';
import { CTAP_STATUS, CtapStatusError } from './status.ts';

/** Resolves when this key was touched. Needs a version from FIDO_2_1 on in getInfo. Errors as sendCommand. */
export async function selectByTouch(transport: CtapTransport, call: HidCall): Promise<void> {
  await sendCommand(transport, 'selection', undefined, call);
}

/** What keys answer to an empty PIN/UV parameter once they were touched: no PIN, a PIN, and one maker's reading. */
const TOUCHED: ReadonlySet<number> = new Set([CTAP_STATUS.PIN_NOT_SET, CTAP_STATUS.PIN_INVALID, CTAP_STATUS.PIN_AUTH_INVALID]);

/**
 * The same for keys before CTAP 2.1: a credential asked for with an empty PIN/UV parameter, which keys refuse after the
 * touch. It costs no try of the PIN. A key without PIN support makes a credential that nothing keeps.
 * Errors as sendCommand.
 */
export async function selectByRefusal(
  transport: CtapTransport,
  { pinUvProtocol }: { readonly pinUvProtocol: number },
  call: HidCall,
): Promise<void> {
  const parameters = {
    clientDataHash: new Uint8Array(32),
    rp: { id: 'touch.invalid', name: 'touch.invalid' },
    user: { id: Uint8Array.of(1), name: 'touch', displayName: 'touch' },
    algorithms: [COSE_ALGORITHM.ES256],
    pinUvAuth: { param: new Uint8Array(0), protocol: pinUvProtocol },
  };
  try {
    await makeCredential(transport, parameters, call);
  } catch (error) {
    if (!(error instanceof CtapStatusError) || !TOUCHED.has(error.status)) throw error;
  }
}
