// A credential made in software from creation options: what a key and our client make together, without either.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { encodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { encodeCbor } from '../../main/fido/bytes/cbor.ts';
import { COSE_ALGORITHM, coseKeyMap, coseOfKeyObject } from '../../main/fido/bytes/cose.ts';
import { encodeAttestationObject } from '../../main/fido/webauthn/attestation-object.ts';
import { encodeClientData } from '../../main/fido/webauthn/client-data.ts';
import type { CreationOptions, MadeCredential } from '../../main/ports/key.ts';

/** UP, UV and AT (WebAuthn Level 3 §6.1). */
const FLAGS = 0x45;

/** Attestation `none`; `aaguid` in lower-case hex with dashes. */
export function softCredential(options: CreationOptions, credentialId: Uint8Array, aaguid: string): MadeCredential {
  const publicKey = coseKeyMap(
    coseOfKeyObject(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, COSE_ALGORITHM.ES256),
  );
  const publicKeyCose = encodeCbor(publicKey);
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(credentialId.length);
  const authenticatorData = Buffer.concat([
    createHash('sha256').update(options.rp.id).digest(),
    Uint8Array.of(FLAGS, 0, 0, 0, 0),
    Buffer.from(aaguid.replaceAll('-', ''), 'hex'),
    idLength,
    credentialId,
    publicKeyCose,
  ]);
  const clientData = encodeClientData({
    type: 'webauthn.create',
    challengeB64u: options.challengeB64u,
    origin: `https://${options.rp.id}`,
    crossOrigin: false,
  });
  return {
    credentialIdB64u: encodeBase64url(credentialId),
    clientDataJsonB64u: encodeBase64url(clientData),
    attestationObjectB64u: encodeBase64url(
      encodeAttestationObject({ format: 'none', attestationStatement: new Map(), authenticatorData }),
    ),
    attestationFormat: 'none',
    aaguid,
    rpId: options.rp.id,
    userIdB64u: options.user.idB64u,
    publicKeyCoseB64u: encodeBase64url(publicKeyCose),
    clientExtensionResults: {},
  };
}
