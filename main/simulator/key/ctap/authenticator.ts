// The CTAP 2 side of a virtual key: one request in, one answer out. Source: CTAP 2.3 §6.
import { decodeCbor, encodeCbor, CborError, type CborMap } from '../../../fido/bytes/cbor.ts';
import { authenticatorConfig } from './authenticator-config.ts';
import { bioEnrollment } from './bio-enrollment.ts';
import { canonicalFault } from './canonical-scan.ts';
import { clientPin } from '../pin/client-pin.ts';
import { credentialManagement } from '../credentials/credential-management.ts';
import { getAssertion, getNextAssertion } from '../credentials/get-assertion.ts';
import { encodeBackwards, getInfo } from './get-info.ts';
import { hasQuirk, isModern, requireTouch, type CommandContext } from './key-session.ts';
import { makeCredential } from '../credentials/make-credential.ts';
import { isMap, RequestFields } from './request-fields.ts';
import { reset } from './reset.ts';
import { Refusal, Status } from './status.ts';

export const CtapCommand = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  reset: 0x07,
  getNextAssertion: 0x08,
  bioEnrollment: 0x09,
  credentialManagement: 0x0a,
  selection: 0x0b,
  config: 0x0d,
  bioEnrollmentPreview: 0x40,
  credentialManagementPreview: 0x41,
} as const;

export interface AuthenticatorOptions {
  /** Refuse requests that aren't in canonical form with 0x12. */
  readonly strictCbor: boolean;
}

/**
 * Answers one request (command byte and CBOR): the status byte, then the result if there is one. Thrown errors are bugs
 * of this simulator; everything a key can refuse is a status.
 */
export async function answerRequest(
  context: CommandContext,
  request: Uint8Array,
  options: AuthenticatorOptions,
): Promise<Uint8Array> {
  try {
    const command = request[0] ?? Status.invalidCommand;
    if (request.length > context.ctap2.maxRequestBytes) throw new Refusal(Status.requestTooLarge, 'over maxMsgSize');
    forgetListings(context, command);
    const result = await run(context, command, request.subarray(1), options);
    if (command === CtapCommand.getInfo && result !== undefined && hasQuirk(context, 'unsorted-info')) {
      return success(encodeBackwards(result));
    }
    if (result !== undefined) return success(encodeCbor(result));
    return success(hasQuirk(context, 'empty-map-answers') ? encodeCbor(new Map()) : new Uint8Array(0));
  } catch (refusal) {
    if (refusal instanceof Refusal) return Uint8Array.of(refusal.status);
    throw refusal;
  }
}

async function run(
  context: CommandContext,
  command: number,
  body: Uint8Array,
  options: AuthenticatorOptions,
): Promise<CborMap | undefined> {
  const { ctap2 } = context;
  const fingerCommands = ctap2.fingerprint?.commands;
  switch (command) {
    case CtapCommand.getInfo:
      return getInfo(context);
    case CtapCommand.makeCredential:
      return makeCredential(context, parse(body, options));
    case CtapCommand.getAssertion:
      return getAssertion(context, parse(body, options));
    case CtapCommand.getNextAssertion:
      return getNextAssertion(context);
    case CtapCommand.clientPin:
      if (ctap2.pinUvProtocols.length === 0) break;
      return clientPin(context, parse(body, options));
    case CtapCommand.reset:
      await reset(context);
      return undefined;
    case CtapCommand.selection:
      if (!isModern(context)) break;
      await requireTouch(context);
      return undefined;
    case CtapCommand.credentialManagement:
      if (!ctap2.credentialManagement) break;
      return credentialManagement(context, parse(body, options));
    case CtapCommand.credentialManagementPreview:
      if (!ctap2.credentialManagementPreview) break;
      return credentialManagement(context, parse(body, options), { isPreview: true });
    case CtapCommand.bioEnrollment:
      if (fingerCommands === undefined || fingerCommands === 'preview') break;
      return bioEnrollment(context, parse(body, options));
    case CtapCommand.bioEnrollmentPreview:
      if (fingerCommands === undefined || fingerCommands === 'final') break;
      return bioEnrollment(context, parse(body, options));
    case CtapCommand.config:
      if (!ctap2.authenticatorConfig) break;
      return authenticatorConfig(context, parse(body, options));
  }
  throw new Refusal(Status.invalidCommand, `command 0x${command.toString(16)}`);
}

/** Any command but the next step ends a listing (CTAP 2.3 §6.3, §6.8). */
function forgetListings({ session }: CommandContext, command: number): void {
  if (command !== CtapCommand.getNextAssertion) session.pendingAssertions = undefined;
  const lists = command === CtapCommand.credentialManagement || command === CtapCommand.credentialManagementPreview;
  if (!lists) session.pendingEnumeration = undefined;
}

function parse(body: Uint8Array, { strictCbor }: AuthenticatorOptions): RequestFields {
  const fault = strictCbor ? canonicalFault(body) : undefined;
  if (fault !== undefined) throw new Refusal(Status.invalidCbor, fault);
  try {
    const value = decodeCbor(body);
    if (isMap(value)) return new RequestFields(value);
  } catch (error) {
    if (error instanceof CborError) throw new Refusal(Status.invalidCbor, error.message);
    throw error;
  }
  throw new Refusal(Status.unexpectedType, 'a request is a map');
}

function success(result: Uint8Array): Uint8Array {
  return Uint8Array.of(Status.ok, ...result);
}
