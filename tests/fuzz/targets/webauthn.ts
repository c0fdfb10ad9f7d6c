// What a credential comes with: attestation objects and authenticator data.
import { decodeCbor, encodeCbor, TOLERANT_MAX_DEPTH } from '../../../main/fido/bytes/cbor.ts';
import { encodeAttestationObject, readAttestationObject } from '../../../main/fido/webauthn/attestation-object.ts';
import { readAuthenticatorData } from '../../../main/fido/webauthn/authenticator-data.ts';
import { checkCreatedCredential } from '../../../main/fido/webauthn/created-credential.ts';
import { verifyAttestation } from '../../../main/fido/webauthn/verify-attestation.ts';
import { ProtocolViolation } from '../../../main/fido/protocol-violation.ts';
import { RP_ID } from '../../support/key-client.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { READING_ERRORS, promise, unless } from './promises.ts';
import { recordedMessages } from './recorded.ts';

const ALGORITHMS = [-7, -8, -35, -36, -257];

export const authenticatorDataBytes: FuzzTarget = {
  name: 'authenticator-data',
  seeds: async () => (await recordedMessages()).authenticatorData,
  maxBytes: 2_048,
  slice: 8_000,
  budget: { steps: 4_000, bytes: 16_384, perByte: 60 },
  run: (input) => {
    const data = unless([ProtocolViolation], () => readAuthenticatorData(input));
    if (data === undefined) return;
    promise(data.rpIdHash.length === 32, 'a hash has 32 bytes');
    promise(data.signCount >= 0 && data.signCount <= 0xffff_ffff, 'a signature count has 32 bits');
    promise(data.flags.attestedCredential === (data.attestedCredential !== undefined), 'AT says what is there');
    promise(data.flags.extensions === (data.extensions !== undefined), 'ED says what is there');
    const { attestedCredential } = data;
    if (attestedCredential === undefined) return;
    const { credentialId, publicKey, publicKeyBytes } = attestedCredential;
    promise(credentialId.length >= 1 && credentialId.length <= 1023, 'a credential id has 1 to 1023 bytes');
    const written = encodeCbor(publicKey, { maxDepth: TOLERANT_MAX_DEPTH });
    promise(
      encodeCbor(decodeCbor(publicKeyBytes), { maxDepth: TOLERANT_MAX_DEPTH }).length === written.length,
      'the key is its bytes',
    );
  },
};

/** The whole way of a registration after the key has answered. Nobody but the recorded key signs anything. */
export const attestationObject: FuzzTarget = {
  name: 'attestation-object',
  seeds: async () => (await recordedMessages()).attestationObjects,
  maxBytes: 4_096,
  slice: 8_000,
  budget: { steps: 20_000, bytes: 65_536, perByte: 100 },
  run: (input) => {
    const parts = unless(READING_ERRORS, () => readAttestationObject(input));
    if (parts === undefined) return;
    const again = readAttestationObject(encodeAttestationObject(parts));
    promise(again.format === parts.format, 'an object written reads as what it was');
    const data = unless([ProtocolViolation], () => readAuthenticatorData(parts.authenticatorData));
    const aaguid = data?.attestedCredential?.aaguid ?? new Uint8Array(16);
    const checked = checkCreatedCredential(parts.authenticatorData, { rpId: RP_ID, aaguid, algorithms: ALGORITHMS });
    if (!checked.ok) return;
    promise(data?.flags.userVerified === true && data.flags.userPresent, 'only touched and verified credentials pass');
    verifyAttestation({ ...parts, clientDataHash: new Uint8Array(32), aaguid, publicKey: checked.value.publicKey });
  },
};
