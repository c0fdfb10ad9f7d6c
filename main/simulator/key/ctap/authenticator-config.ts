// authenticatorConfig: minimum PIN length, forced PIN change, always-UV, enterprise attestation, long touch for a reset.
// Source: CTAP 2.3 §6.11.
import { encodeCbor } from '../../../fido/bytes/cbor.ts';
import { Permission } from '../pin/pin-token.ts';
import { readAuthorization, requireToken } from '../pin/request-authorization.ts';
import { hasQuirk, type CommandContext } from './key-session.ts';
import { fields, flag, list, text, unsigned, type RequestFields } from './request-fields.ts';
import { Refusal, Status } from './status.ts';

const RequestKey = { subCommand: 0x01, subParams: 0x02, protocol: 0x03, param: 0x04 } as const;
const ParamKey = { newMinPinLength: 0x01, rpIds: 0x02, forceChange: 0x03 } as const;
const COMMAND = 0x0d;
const MAX_PIN_CODE_POINTS = 63;

export const ConfigSubCommand = {
  enableEnterpriseAttestation: 0x01,
  toggleAlwaysUv: 0x02,
  setMinPinLength: 0x03,
  enableLongTouchForReset: 0x04,
} as const;

/** The sub-commands this key has, rising; getInfo lists them where it lists any. */
export function configSubCommands({ ctap2 }: Pick<CommandContext, 'ctap2'>): readonly number[] {
  return [
    ...(ctap2.enterpriseAttestation === undefined ? [] : [ConfigSubCommand.enableEnterpriseAttestation]),
    ...(ctap2.alwaysUv === 'unknown' ? [] : [ConfigSubCommand.toggleAlwaysUv]),
    ConfigSubCommand.setMinPinLength,
    ...(ctap2.longTouchForReset ? [ConfigSubCommand.enableLongTouchForReset] : []),
  ];
}

export function authenticatorConfig(context: CommandContext, request: RequestFields): undefined {
  const { memory, session } = context;
  const subCommand = request.required(RequestKey.subCommand, unsigned);
  if (!configSubCommands(context).includes(subCommand)) {
    throw new Refusal(Status.invalidSubCommand, `config sub-command ${subCommand}`);
  }
  const params = request.optional(RequestKey.subParams, fields);
  authorize(context, request, subCommand, params);
  switch (subCommand) {
    case ConfigSubCommand.enableEnterpriseAttestation:
      // One key was seen to say yes and do nothing.
      if (!hasQuirk(context, 'forgets-enterprise-attestation')) memory.enterpriseAttestation = true;
      return undefined;
    case ConfigSubCommand.toggleAlwaysUv:
      memory.alwaysUv = !memory.alwaysUv;
      return undefined;
    case ConfigSubCommand.enableLongTouchForReset:
      memory.longTouchForReset = true;
      return undefined;
    default:
      setMinPinLength(context, params);
      if (memory.forcePinChange) session.tokens.end();
      return undefined;
  }
}

/** A key that nobody has protected yet may be configured by anybody (CTAP 2.3 §6.11, step 3). */
function authorize(context: CommandContext, request: RequestFields, subCommand: number, params: RequestFields | undefined): void {
  const authorization = readAuthorization(context, request, RequestKey);
  if (authorization !== undefined) {
    const encoded = params === undefined ? new Uint8Array(0) : encodeCbor(params.map);
    const signed = Buffer.concat([new Uint8Array(32).fill(0xff), Uint8Array.of(COMMAND, subCommand), encoded]);
    requireToken(context, authorization, signed, Permission.authenticatorConfig);
    return;
  }
  if (context.memory.isProtected || hasQuirk(context, 'wants-token-for-config')) {
    throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  }
}

/** @throws {Refusal} 0x37 for a smaller minimum, 0x35 to change a PIN that isn't there, 0x28 for more sites than fit. */
function setMinPinLength({ ctap2, memory }: CommandContext, params: RequestFields | undefined): void {
  const wanted = params?.optional(ParamKey.newMinPinLength, unsigned) ?? memory.minPinLength;
  const forceChange = params?.optional(ParamKey.forceChange, flag) ?? false;
  const rpIds = params?.optional(ParamKey.rpIds, list)?.map((rpId) => {
    const id = text(rpId);
    if (id === undefined) throw new Refusal(Status.unexpectedType, 'an rp id is text');
    return id;
  });
  if (wanted < memory.minPinLength || wanted > MAX_PIN_CODE_POINTS) {
    throw new Refusal(Status.pinPolicyViolation, 'the minimum PIN length only grows');
  }
  if (forceChange && memory.pin === undefined) throw new Refusal(Status.pinNotSet, 'no PIN to change');
  if (rpIds !== undefined && rpIds.length > ctap2.maxRpIdsForMinPinLength) {
    throw new Refusal(Status.keyStoreFull, 'too many sites to tell the minimum PIN length');
  }
  memory.minPinLength = wanted;
  if (rpIds !== undefined) memory.minPinLengthRpIds = rpIds;
  if (memory.pin !== undefined && (forceChange || memory.pin.codePoints < wanted)) memory.forcePinChange = true;
}
