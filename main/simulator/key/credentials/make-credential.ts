// authenticatorMakeCredential. The steps keep the specification's order: it decides what is refused before the touch.
// Source: CTAP 2.3 §6.1.2; credProtect and hmac-secret §12.1, §12.8.
import type { CborMap, CborValue } from '../../../fido/bytes/cbor.ts';
import { attest } from './attestation-statement.ts';
import { writeAuthenticatorData } from './authenticator-data.ts';
import { makeCredentialKey } from './credential-key.ts';
import { readDescriptors } from './credential-descriptors.ts';
import type { StoredCredential, UserEntity } from './key-memory.ts';
import { hasQuirk, requireTouch, type CommandContext } from '../ctap/key-session.ts';
import { Permission } from '../pin/pin-token.ts';
import { answerTouchTest, readAuthorization, requireToken } from '../pin/request-authorization.ts';
import { bytes, fields, flag, integer, isMap, list, RequestFields, text } from '../ctap/request-fields.ts';
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
const MAX_NAME_BYTES = 64;

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
  const discoverable = readOptions(request, authorization !== undefined);
  if (request.has(RequestKey.enterpriseAttestation)) {
    throw new Refusal(Status.invalidParameter, 'no enterprise attestation');
  }

  if (authorization !== undefined) {
    if (memory.pin === undefined) throw new Refusal(Status.pinNotSet, 'a token without a PIN');
    requireToken(context, authorization, clientDataHash, Permission.makeCredential, rpId);
  } else if (memory.pin !== undefined && (discoverable || !ctap2.makeCredUvNotRequired)) {
    throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  }
  const userVerified = authorization !== undefined;

  const isExcluded = memory.credentials.some(
    (known) => known.rpId === rpId && (userVerified || known.credProtect !== 3) && excluded.some((id) => same(id, known.id)),
  );
  // A touch even so, or any page could find out which keys a person has (CTAP 2.3 §6.1.2 step 12).
  await requireTouch(context);
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
  store(context, credential);

  const outputs = new Map<string, CborValue>();
  if (protection !== undefined) outputs.set('credProtect', protection);
  if (wantsHmacSecret) outputs.set('hmac-secret', true);
  const authData = writeAuthenticatorData({
    rpId,
    userPresent: true,
    userVerified,
    signatureCount: memory.signatureCount,
    attested: { aaguid: ctap2.aaguid, credentialId: credential.id, publicKey: credential.publicKey },
    extensions: outputs,
  });
  const { format, statement } = attest(ctap2.attestation, context.attestation, credential, authData, clientDataHash);
  return new Map<number, CborValue>([
    [0x01, format],
    [0x02, authData],
    [0x03, statement],
  ]);
}

/** One account of one site has one discoverable credential: a new one replaces it and needs no room. */
function store(context: CommandContext, credential: StoredCredential): void {
  const { memory } = context;
  const others = memory.credentials.filter(
    (known) => !(known.discoverable && known.rpId === credential.rpId && same(known.user.id, credential.user.id)),
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
  return {
    id,
    ...(name === undefined ? {} : { name: cutName(name) }),
    ...(displayName === undefined ? {} : { displayName: cutName(displayName) }),
  };
}

/** Keys keep 64 bytes of a name and may cut it (CTAP 2.3 §6.1.2); this one cuts between characters. */
function cutName(name: string): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character, 'utf8') > MAX_NAME_BYTES) break;
    kept += character;
  }
  return kept;
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

/** Answers whether the credential is to be discoverable. */
function readOptions(request: RequestFields, isAuthorized: boolean): boolean {
  const options = request.optional(RequestKey.options, fields);
  if (options?.optional('up', flag) === false) throw new Refusal(Status.invalidOption, 'up: false makes no sense here');
  if (options?.optional('uv', flag) === true && !isAuthorized) {
    throw new Refusal(Status.invalidOption, 'this key has no built-in user verification');
  }
  return options?.optional('rk', flag) ?? false;
}

function readCredProtect(context: CommandContext, extensions: RequestFields): 1 | 2 | 3 | undefined {
  if (!context.ctap2.extensions.includes('credProtect')) return undefined;
  const level = extensions.optional('credProtect', integer);
  if (level === undefined || level === 1 || level === 2 || level === 3) return level;
  throw new Refusal(Status.invalidParameter, `credProtect ${level}`);
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
