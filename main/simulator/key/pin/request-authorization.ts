// Whether a request carries a valid pinUvAuthParam, the same way in every command that takes one.
// Source: CTAP 2.3 §6.1.2 steps 1-2 and 11, §6.2.2 steps 1-2 and 6.
import { hasQuirk, requireTouch, type CommandContext } from '../ctap/key-session.ts';
import { bytes, unsigned, type RequestFields } from '../ctap/request-fields.ts';
import { Refusal, Status } from '../ctap/status.ts';

/** The two request keys that hold pinUvAuthParam and its protocol; commands number them differently. */
export interface AuthorizationKeys {
  readonly param: number;
  readonly protocol: number;
}

export interface Authorization {
  readonly version: 1 | 2;
  readonly param: Uint8Array;
}

/** Reads the pair; `undefined` when the request has none. @throws {Refusal} 0x14 or 0x02. */
export function readAuthorization(
  context: CommandContext,
  request: RequestFields,
  keys: AuthorizationKeys,
): Authorization | undefined {
  const param = request.optional(keys.param, bytes);
  if (param === undefined) return undefined;
  const named = request.required(keys.protocol, unsigned);
  const version = context.ctap2.pinUvProtocols.find((offered) => offered === named);
  if (version === undefined) throw new Refusal(Status.invalidParameter, `PIN/UV protocol ${named}`);
  return { version, param };
}

/**
 * The touch test of CTAP 2.0: an empty pinUvAuthParam asks only for a finger, so that a person can pick one of several
 * keys. Always ends the command.
 */
export async function answerTouchTest(context: CommandContext, request: RequestFields, param: number): Promise<void> {
  if (request.optional(param, bytes)?.length !== 0) return;
  await requireTouch(context);
  if (hasQuirk(context, 'touch-test-says-auth-invalid')) throw new Refusal(Status.pinAuthInvalid, 'touched');
  const isSet = context.memory.isProtected;
  throw new Refusal(isSet ? Status.pinInvalid : Status.pinNotSet, 'touched');
}

/** @throws {Refusal} 0x33 when the token does not allow it. */
export function requireToken(
  context: CommandContext,
  authorization: Authorization,
  message: Uint8Array,
  permission: number,
  rpId?: string,
): void {
  const { version, param } = authorization;
  if (!context.session.tokens.allows(version, message, param, permission, rpId)) {
    throw new Refusal(Status.pinAuthInvalid, 'the PIN token does not allow this');
  }
}
