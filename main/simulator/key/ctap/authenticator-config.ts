// authenticatorConfig, as far as a desk needs it: the minimum PIN length and a forced PIN change. Source: CTAP 2.3 §6.11.
import { encodeCbor } from '../../../fido/bytes/cbor.ts';
import type { CommandContext } from './key-session.ts';
import { Permission } from '../pin/pin-token.ts';
import { readAuthorization, requireToken } from '../pin/request-authorization.ts';
import { fields, flag, unsigned, type RequestFields } from './request-fields.ts';
import { Refusal, Status } from './status.ts';

const RequestKey = { subCommand: 0x01, subParams: 0x02, protocol: 0x03, param: 0x04 } as const;
const SET_MIN_PIN_LENGTH = 0x03;
const COMMAND = 0x0d;
const MAX_PIN_CODE_POINTS = 63;

export function authenticatorConfig(context: CommandContext, request: RequestFields): undefined {
  const { memory, session } = context;
  const subCommand = request.required(RequestKey.subCommand, unsigned);
  if (subCommand !== SET_MIN_PIN_LENGTH) throw new Refusal(Status.invalidSubCommand, `config sub-command ${subCommand}`);
  const params = request.optional(RequestKey.subParams, fields);
  const authorization = readAuthorization(context, request, RequestKey);
  if (authorization !== undefined) {
    const encoded = params === undefined ? new Uint8Array(0) : encodeCbor(params.map);
    const signed = Buffer.concat([new Uint8Array(32).fill(0xff), Uint8Array.of(COMMAND, subCommand), encoded]);
    requireToken(context, authorization, signed, Permission.authenticatorConfig);
  } else if (memory.pin !== undefined) {
    throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  }

  const wanted = params?.optional(0x01, unsigned) ?? memory.minPinLength;
  const forceChange = params?.optional(0x03, flag) ?? false;
  if (wanted < memory.minPinLength || wanted > MAX_PIN_CODE_POINTS) {
    throw new Refusal(Status.pinPolicyViolation, 'the minimum PIN length only grows');
  }
  if (forceChange && memory.pin === undefined) throw new Refusal(Status.pinNotSet, 'no PIN to change');
  memory.minPinLength = wanted;
  if (memory.pin !== undefined && (forceChange || memory.pin.codePoints < wanted)) {
    memory.forcePinChange = true;
    session.tokens.end();
  }
  return undefined;
}
