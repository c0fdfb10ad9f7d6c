// Attestation statements, right ones and wrong ones. Source: WebAuthn Level 3 §8.2 (packed), §8.7 (none).
import type { CborMap, CborValue } from '../../../fido/bytes/cbor.ts';
import type { AttestationLeaf } from '../training-attestation.ts';
import type { AttestationStyle } from '../key-model.ts';
import { signWith } from './credential-key.ts';
import type { StoredCredential } from './key-memory.ts';

export interface AttestationStatement {
  readonly format: 'packed' | 'none';
  readonly statement: CborMap;
}

/** Signs authData and clientDataHash in this style. `leaf` is there for every style that has a certificate. */
export function attest(
  style: AttestationStyle,
  leaf: AttestationLeaf | undefined,
  credential: StoredCredential,
  authData: Uint8Array,
  clientDataHash: Uint8Array,
): AttestationStatement {
  const signed = Buffer.concat([authData, clientDataHash]);
  switch (style) {
    case 'none':
      return { format: 'none', statement: new Map() };
    case 'packed-self':
      return packed(credential.algorithm, signWith(credential, signed));
    case 'packed-certificate':
    case 'expired-certificate':
    case 'foreign-aaguid-certificate':
    case 'unknown-root-certificate':
    case 'broken-signature': {
      if (leaf === undefined) throw new Error(`attestation style ${style} needs a certificate`);
      return packed(-7, leaf.sign(style === 'broken-signature' ? authData : signed), leaf.certificateDer);
    }
    default: {
      const never: never = style;
      throw new Error(`unknown style ${String(never)}`);
    }
  }
}

function packed(algorithm: number, signature: Uint8Array, certificateDer?: Uint8Array): AttestationStatement {
  const statement = new Map<string, CborValue>([
    ['alg', algorithm],
    ['sig', signature],
  ]);
  if (certificateDer !== undefined) statement.set('x5c', [certificateDer]);
  return { format: 'packed', statement };
}
