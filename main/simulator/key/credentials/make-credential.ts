// authenticatorMakeCredential. The steps keep the specification's order: it decides what is refused before the touch.
// Source: CTAP 2.3 §6.1.2; credProtect §12.1, minPinLength §12.5, hmac-secret §12.8.
import type { CborMap, CborValue } from '../../../fido/bytes/cbor.ts';
import { attest } from './attestation-statement.ts';
import { writeAuthenticatorData } from './authenticator-data.ts';
import { makeCredentialKey } from './credential-key.ts';
import { readDescriptors } from './credential-descriptors.ts';
import { hmacSecretOutput } from './hmac-secret.ts';
import type { StoredCredential, UserEntity } from './key-memory.ts';
import { MAX_NAME_BYTES, userEntity } from './user-entity.ts';
import { hasQuirk, type CommandContext } from '../ctap/key-session.ts';
import { Permission } from '../pin/pin-token.ts';
import { answerTouchTest, readAuthorization } from '../pin/request-authorization.ts';
import { requirePresence, verifyUser } from '../pin/user-verification.ts';
import { bytes, fields, flag, integer, isMap, list, RequestFields, text, unsigned } from '../ctap/request-fields.ts';
import { sameBytes } from '../ctap/same-bytes.ts';
import { Refusal, Status } from '../ctap/status.ts';

const RequestKey = {
  clientDataHash: 0x01,
  rp: 0x02,
  user: 0x03,
  algorithms: 0x04,
  excludeList: 0x05,
  extensions: 0x06,
  options: 0x07,
  param: 0x08,
  protocol: 0x09,
  enterpriseAttestation: 0x0a,
} as const;

const MAX_USER_ID_BYTES = 64;
/** Values of enterpriseAttestation (CTAP 2.3 §6.1). */
const VENDOR_FACILITATED = 1;
const PLATFORM_MANAGED = 2;

export async function makeCredential(context: CommandContext, request: RequestFields): Promise<CborMap> {
  const { ctap2, memory, session, surroundings } = context;
  const clientDataHash = request.required(RequestKey.clientDataHash, bytes);
  const rp = request.required(RequestKey.rp, fields);
  const rpId = rp.required('id', text);
  const user = readUser(context, request.required(RequestKey.user, fields));
  const wanted = request.required(RequestKey.algorithms, list);
  const excluded = readDescriptors(context, request.optional(RequestKey.excludeList, list));
  const extensions = request.optional(RequestKey.extensions, fields) ?? new RequestFields(new Map());

  await answerTouchTest(context, request, RequestKey.param);
  const authorization = readAuthorization(context, request, RequestKey);
  const algorithm = chooseAlgorithm(context, wanted);
  const { discoverable, uv } = readOptions(request);
  const enterprise = readEnterpriseAttestation(context, request, rpId);
  const verification = await verifyUser(context, {
    authorization,
    uv,
    message: clientDataHash,
    permission: Permission.makeCredential,
    rpId,
    isNeeded: memory.alwaysUv || (memory.isProtected && (discoverable || !ctap2.makeCredUvNotRequired)),
  });
  const { userVerified } = verification;

  const isExcluded = memory
    .credentialsOf(rpId)
    .some((known) => (userVerified || known.credProtect !== 3) && excluded.some((id) => sameBytes(id, known.id)));
  // A touch even so, or any page could find out which keys a person has (CTAP 2.3 §6.1.2 step 12).
  await requirePresence(context, verification);
  if (isExcluded) throw new Refusal(Status.credentialExcluded, 'a credential of the exclude list is here');
  session.tokens.spend();

  const protection = readCredProtect(context, extensions);
  const wantsHmacSecret = ctap2.extensions.includes('hmac-secret') && extensions.optional('hmac-secret', flag) === true;
  const credential: StoredCredential = {
    id: surroundings.randomBytes(ctap2.credentialIdBytes),
    rpId,
    rpName: rp.optional('name', text),
    user,
    ...makeCredentialKey(algorithm, surroundings.randomBytes),
    discoverable,
    credProtect: protection ?? 1,
    hmacSecret: wantsHmacSecret ? { withUv: surroundings.randomBytes(32), withoutUv: surroundings.randomBytes(32) } : undefined,
  };
  const outputs = extensionOutputs(context, extensions, credential, userVerified);
  store(context, credential);

  const authData = writeAuthenticatorData({
    rpId,
    userPresent: true,
    userVerified,
    signatureCount: memory.u2f.signatureCount,
    attested: { aaguid: ctap2.aaguid, credentialId: credential.id, publicKey: credential.publicKey },
    extensions: outputs,
  });
  const leaf = enterprise ? context.enterpriseAttestation : context.attestation;
  const { format, statement } = attest(ctap2.attestation, leaf, credential, authData, clientDataHash);
  const answer = new Map<number, CborValue>([
    [0x01, format],
    [0x02, authData],
    [0x03, statement],
  ]);
  if (enterprise) answer.set(0x04, true);
  return answer;
}

/** What authenticator data says of the extensions this key has and the request asks for. */
function extensionOutputs(
  context: CommandContext,
  extensions: RequestFields,
  credential: StoredCredential,
  userVerified: boolean,
): Map<string, CborValue> {
  const { ctap2, memory } = context;
  const outputs = new Map<string, CborValue>();
  if (readCredProtect(context, extensions) !== undefined) outputs.set('credProtect', credential.credProtect);
  if (credential.hmacSecret !== undefined) outputs.set('hmac-secret', true);
  if (ctap2.extensions.includes('hmac-secret-mc')) {
    const input = extensions.optional('hmac-secret-mc', fields);
    const secret = input && hmacSecretOutput(context, input, credential, userVerified);
    if (secret !== undefined) outputs.set('hmac-secret-mc', secret);
  }
  const asksMinPinLength = ctap2.extensions.includes('minPinLength') && extensions.optional('minPinLength', flag) === true;
  if (asksMinPinLength && memory.minPinLengthRpIds.includes(credential.rpId)) outputs.set('minPinLength', memory.minPinLength);
  return outputs;
}

/** Whether this site gets the certificate that names the key. @throws {Refusal} 0x02 while it is off, or for an unknown kind. */
function readEnterpriseAttestation({ ctap2, memory }: CommandContext, request: RequestFields, rpId: string): boolean {
  const kind = request.optional(RequestKey.enterpriseAttestation, unsigned);
  if (kind === undefined) return false;
  const model = ctap2.enterpriseAttestation;
  if (model === undefined || !memory.enterpriseAttestation || (kind !== VENDOR_FACILITATED && kind !== PLATFORM_MANAGED)) {
    throw new Refusal(Status.invalidParameter, 'no enterprise attestation');
  }
  return kind === PLATFORM_MANAGED || model.rpIds.includes(rpId);
}

/** One account of one site has one discoverable credential: a new one replaces it and needs no room. */
function store(context: CommandContext, credential: StoredCredential): void {
  const { memory } = context;
  const others = memory.credentials.filter(
    (known) => !(known.discoverable && known.rpId === credential.rpId && sameBytes(known.user.id, credential.user.id)),
  );
  const replaces = credential.discoverable && others.length < memory.credentials.length;
  if (credential.discoverable && !replaces && memory.slotsLeft <= 0) throw new Refusal(Status.keyStoreFull, 'no room');
  memory.credentials = [...(credential.discoverable ? others : memory.credentials), credential];
}

function readUser(context: CommandContext, user: RequestFields): UserEntity {
  const id = user.required('id', bytes);
  if (id.length === 0 || id.length > MAX_USER_ID_BYTES) throw new Refusal(Status.invalidLength, 'user.id is 1 to 64 bytes');
  const name = user.optional('name', text);
  const displayName = user.optional('displayName', text);
  if (name === undefined && hasQuirk(context, 'wants-user-name')) {
    throw new Refusal(Status.missingParameter, 'user.name is missing');
  }
  const tooLong = [name, displayName].some((part) => Buffer.byteLength(part ?? '', 'utf8') > MAX_NAME_BYTES);
  if (tooLong && hasQuirk(context, 'refuses-large-user')) throw new Refusal(Status.vendorFirst + 1, 'user entity too large');
  return userEntity(id, name, displayName);
}

function chooseAlgorithm(context: CommandContext, wanted: readonly CborValue[]): -7 | -8 {
  const asked = wanted.map((entry) => {
    if (!isMap(entry)) throw new Refusal(Status.unexpectedType, 'pubKeyCredParams holds no map');
    const parameter = new RequestFields(entry);
    return { alg: parameter.required('alg', integer), type: parameter.required('type', text) };
  });
  for (const { alg, type } of asked) {
    const algorithm = context.ctap2.algorithms.find((offered) => offered === alg);
    if (algorithm !== undefined && type === 'public-key') return algorithm;
  }
  throw new Refusal(Status.unsupportedAlgorithm, 'no common algorithm');
}

function readOptions(request: RequestFields): { readonly discoverable: boolean; readonly uv: boolean } {
  const options = request.optional(RequestKey.options, fields);
  if (options?.optional('up', flag) === false) throw new Refusal(Status.invalidOption, 'up: false makes no sense here');
  return { discoverable: options?.optional('rk', flag) ?? false, uv: options?.optional('uv', flag) ?? false };
}

function readCredProtect(context: CommandContext, extensions: RequestFields): 1 | 2 | 3 | undefined {
  if (!context.ctap2.extensions.includes('credProtect')) return undefined;
  const level = extensions.optional('credProtect', integer);
  if (level === undefined || level === 1 || level === 2 || level === 3) return level;
  throw new Refusal(Status.invalidParameter, `credProtect ${level}`);
}
