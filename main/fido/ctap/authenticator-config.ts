// authenticatorConfig, one function per sub-command. Source: CTAP 2.3 §6.11 (authenticatorConfig).
import { encodeCbor, type CborMap } from '../bytes/cbor.ts';
import { cborMap } from '../bytes/cbor-read.ts';
import { concatBytes } from '../bytes/compare.ts';
import type { HidCall } from '../hid/channel.ts';
import { CTAP_COMMAND, sendCommand, type CtapTransport } from './command.ts';
import type { PinUvAuthToken } from './pin-uv-protocol.ts';

export const CONFIG_SUB_COMMAND = {
  enableEnterpriseAttestation: 0x01,
  toggleAlwaysUv: 0x02,
  setMinPinLength: 0x03,
  enableLongTouchForReset: 0x04,
} as const;

type SubCommand = keyof typeof CONFIG_SUB_COMMAND;

/** What is left out stays as it is. */
export interface MinPinLengthParameters {
  /** Code points; may only grow. */
  readonly newMinPinLength?: number;
  /** Relying parties that may learn the length; an empty list is sent as such. */
  readonly rpIds?: readonly string[];
  /** The PIN must be changed before anything else is done with it. */
  readonly forceChangePin?: boolean;
  readonly pinComplexityPolicy?: boolean;
}

/**
 * Cannot be undone but by a reset. `token`, here and below: with the acfg permission; none for a key without PIN and
 * fingers, which may or may not take that. Errors as sendCommand.
 */
export async function enableEnterpriseAttestation(
  transport: CtapTransport,
  token: PinUvAuthToken | undefined,
  call: HidCall,
): Promise<void> {
  await send(transport, token, 'enableEnterpriseAttestation', undefined, call);
}

/** Turns it the other way, whichever way it is now. Errors as sendCommand. */
export async function toggleAlwaysUv(transport: CtapTransport, token: PinUvAuthToken | undefined, call: HidCall): Promise<void> {
  // Sent twice it would undo itself.
  await send(transport, token, 'toggleAlwaysUv', undefined, { ...call, resend: false });
}

/** Errors as sendCommand: PIN_POLICY_VIOLATION for a length below today's, KEY_STORE_FULL for too many ids. */
export async function setMinPinLength(
  transport: CtapTransport,
  token: PinUvAuthToken | undefined,
  parameters: MinPinLengthParameters,
  call: HidCall,
): Promise<void> {
  const map = cborMap([
    [0x01, parameters.newMinPinLength],
    [0x02, parameters.rpIds],
    [0x03, parameters.forceChangePin],
    [0x04, parameters.pinComplexityPolicy],
  ]);
  await send(transport, token, 'setMinPinLength', map, call);
}

/** Cannot be undone but by a reset. Errors as sendCommand. */
export async function enableLongTouchForReset(
  transport: CtapTransport,
  token: PinUvAuthToken | undefined,
  call: HidCall,
): Promise<void> {
  await send(transport, token, 'enableLongTouchForReset', undefined, call);
}

async function send(
  transport: CtapTransport,
  token: PinUvAuthToken | undefined,
  subCommand: SubCommand,
  parameters: CborMap | undefined,
  call: HidCall,
): Promise<void> {
  const number = CONFIG_SUB_COMMAND[subCommand];
  const head = concatBytes(new Uint8Array(32).fill(0xff), Uint8Array.of(CTAP_COMMAND.authenticatorConfig, number));
  const message = parameters === undefined ? head : concatBytes(head, encodeCbor(parameters));
  const request = cborMap([
    [0x01, number],
    [0x02, parameters],
    [0x03, token?.version],
    [0x04, token?.authenticate(message)],
  ]);
  await sendCommand(transport, 'authenticatorConfig', request, call, { subCommand });
}
