// A credential as a page would have got it from a browser: the same bytes, with the parts that WebAuthn takes out of them.
// Source: WebAuthn Level 3 §5.2.1.1 (easily accessing credential data), §6.5.
import type { PageCredential } from '../../contract/page-key.ts';
import { decodeBase64url, encodeBase64url } from '../fido/bytes/base64url.ts';
import { decodeCbor } from '../fido/bytes/cbor.ts';
import { keyObjectOfCose, readCosePublicKey } from '../fido/bytes/cose.ts';
import { readAttestationObject } from '../fido/webauthn/attestation-object.ts';
import type { MadeCredential } from '../ports/key.ts';

/** @param made has been checked by the key host, so that what can't be read here is a bug */
export function pageCredential(made: MadeCredential): PageCredential {
  const { authenticatorData } = readAttestationObject(decodeBase64url(made.attestationObjectB64u));
  const publicKey = readCosePublicKey(decodeCbor(decodeBase64url(made.publicKeyCoseB64u)));
  return {
    id: made.credentialIdB64u,
    clientDataJSON: made.clientDataJsonB64u,
    attestationObject: made.attestationObjectB64u,
    authenticatorData: encodeBase64url(authenticatorData),
    publicKey: encodeBase64url(new Uint8Array(keyObjectOfCose(publicKey).export({ format: 'der', type: 'spki' }))),
    publicKeyAlgorithm: publicKey.alg,
    // CTAP 2.3 §12.7: what the key calls hmac-secret, a page knows by this name.
    clientExtensionResults:
      made.clientExtensionResults['hmac-secret'] === undefined
        ? {}
        : { hmacCreateSecret: made.clientExtensionResults['hmac-secret'] === true },
  };
}
