// The smallest authenticator that can register and sign in: it writes client data, authenticator data, attestations and
// assertions, and lets a test spoil any part of them. It shares the CBOR writer with the product and nothing else of its protocol code.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeBase64url } from '../../main/fido/bytes/base64url.ts';
import { encodeCbor, type CborKey, type CborValue } from '../../main/fido/bytes/cbor.ts';
import type { AttestationLeaf } from '../../main/simulator/key/training-attestation.ts';

export const TEST_AAGUID = Uint8Array.from(Buffer.from('0123456789abcdef0123456789abcdef', 'hex'));
export const TEST_AAGUID_TEXT = '01234567-89ab-cdef-0123-456789abcdef';

export interface CreationOptionsBody {
  readonly publicKey: {
    readonly rp: { readonly id: string };
    readonly challenge: string;
    readonly user?: { readonly id: string };
  };
}

/** What a test may spoil; everything left out is as it should be. */
export interface Spoilt {
  readonly type?: string;
  readonly origin?: string;
  readonly challenge?: string;
  readonly clientData?: string;
  readonly rpId?: string;
  /** UP 0x01, UV 0x04, BE 0x08, AT 0x40, ED 0x80. */
  readonly flags?: number;
  readonly algorithm?: 'ES256' | 'RS256' | 'EdDSA';
  readonly aaguid?: Uint8Array;
  readonly format?: string;
  /** `none`: no statement; `self`: signed by the credential itself; otherwise by this leaf. */
  readonly attestation?: 'none' | 'self' | AttestationLeaf;
  /** Certificates above the leaf. */
  readonly intermediates?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
  readonly authenticatorDataTail?: Uint8Array;
}

export interface MadeRegistration {
  readonly credentialId: Uint8Array;
  readonly body: {
    readonly displayName: string;
    readonly publicKeyCredential: {
      readonly id: string;
      readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
      readonly clientExtensionResults: Record<string, unknown>;
    };
  };
}

/** What a sign-in page asks, bytes as base64url. */
export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly id: string }[];
}

/** What a test may spoil in an assertion. */
export interface SpoiltAssertion {
  readonly type?: string;
  readonly origin?: string;
  readonly challenge?: string;
  readonly clientData?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly signature?: Uint8Array;
  /** Null: the key gives none. */
  readonly userHandle?: Uint8Array | null;
  /** Says this one, whoever signs. */
  readonly credentialId?: Uint8Array;
  /** Signs with this one of its credentials; otherwise the first it may, or the newest. */
  readonly by?: Uint8Array;
}

interface KeptCredential {
  readonly credentialId: Uint8Array;
  readonly key: CredentialKey;
  readonly userHandle: Uint8Array;
  counter: number;
}

export interface TestAuthenticatorParts {
  readonly randomBytes: (length: number) => Uint8Array;
  readonly leaf: AttestationLeaf;
}

export class TestAuthenticator {
  readonly #parts: TestAuthenticatorParts;
  readonly #kept: KeptCredential[] = [];

  constructor(parts: TestAuthenticatorParts) {
    this.#parts = parts;
  }

  /** `credentialId`: another one of the same bytes plays a duplicate. */
  make(options: CreationOptionsBody, spoilt: Spoilt = {}, credentialId = this.#parts.randomBytes(32)): MadeRegistration {
    const { rp, challenge, user } = options.publicKey;
    const clientData =
      spoilt.clientData ??
      JSON.stringify({
        type: spoilt.type ?? 'webauthn.create',
        challenge: spoilt.challenge ?? challenge,
        origin: spoilt.origin ?? `https://${rp.id}`,
        crossOrigin: false,
      });
    const key = newKey(spoilt.algorithm ?? 'ES256');
    const userHandle = new Uint8Array(Buffer.from(user?.id ?? '', 'base64url'));
    this.#kept.push({ credentialId, key, userHandle, counter: 0 });
    const flags = spoilt.flags ?? 0x45;
    const idLength = Uint8Array.of(credentialId.length >> 8, credentialId.length & 0xff);
    const attested = (flags & 0x40) === 0 ? [] : [spoilt.aaguid ?? TEST_AAGUID, idLength, credentialId, key.cose];
    const tail = spoilt.authenticatorDataTail ?? new Uint8Array();
    const authData = Buffer.concat([sha256(spoilt.rpId ?? rp.id), Uint8Array.of(flags), Buffer.alloc(4), ...attested, tail]);
    const signed = Buffer.concat([authData, sha256(clientData)]);
    const attestationObject = encodeCbor(
      new Map<CborKey, CborValue>([
        ['fmt', spoilt.format ?? (spoilt.attestation === 'none' ? 'none' : 'packed')],
        ['attStmt', this.#statement(spoilt, key, signed)],
        ['authData', new Uint8Array(authData)],
      ]),
    );
    return {
      credentialId,
      body: {
        displayName: 'Test key',
        publicKeyCredential: {
          id: encodeBase64url(credentialId),
          response: {
            clientDataJSON: encodeBase64url(Buffer.from(clientData, 'utf8')),
            attestationObject: encodeBase64url(attestationObject),
          },
          clientExtensionResults: { credProtect: 1, 'hmac-secret': true },
        },
      },
    };
  }

  /** The members of an assertion as the sign-in pages send them. */
  prove(options: RequestOptions, spoilt: SpoiltAssertion = {}): Record<string, string | null> {
    const wanted = spoilt.by ? [encodeBase64url(spoilt.by)] : options.allowCredentials.map(({ id }) => id);
    const may = this.#kept.filter(({ credentialId }) => wanted.length === 0 || wanted.includes(encodeBase64url(credentialId)));
    const kept = may.at(-1);
    if (!kept) throw new Error('the authenticator has no credential for this');
    kept.counter += 1;
    const clientData =
      spoilt.clientData ??
      JSON.stringify({
        type: spoilt.type ?? 'webauthn.get',
        challenge: spoilt.challenge ?? options.challenge,
        origin: spoilt.origin ?? `https://${options.rpId}`,
        crossOrigin: false,
      });
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(spoilt.counter ?? kept.counter);
    const authData = Buffer.concat([sha256(spoilt.rpId ?? options.rpId), Uint8Array.of(spoilt.flags ?? 0x05), counter]);
    const signature = spoilt.signature ?? sign(kept.key.hash, Buffer.concat([authData, sha256(clientData)]), kept.key.privateKey);
    const userHandle = spoilt.userHandle === undefined ? kept.userHandle : spoilt.userHandle;
    return {
      id: encodeBase64url(spoilt.credentialId ?? kept.credentialId),
      clientDataJSON: encodeBase64url(Buffer.from(clientData, 'utf8')),
      authenticatorData: encodeBase64url(authData),
      signature: encodeBase64url(signature),
      userHandle: userHandle && encodeBase64url(userHandle),
    };
  }

  #statement(spoilt: Spoilt, key: CredentialKey, signed: Uint8Array): CborValue {
    const by = spoilt.attestation ?? this.#parts.leaf;
    if (by === 'none') return new Map<CborKey, CborValue>();
    if (by === 'self') {
      return new Map<CborKey, CborValue>([
        ['alg', key.alg],
        ['sig', spoilt.signature ?? new Uint8Array(sign(key.hash, signed, key.privateKey))],
      ]);
    }
    return new Map<CborKey, CborValue>([
      ['alg', -7],
      ['sig', spoilt.signature ?? by.sign(signed)],
      ['x5c', [by.certificateDer, ...(spoilt.intermediates ?? [])]],
    ]);
  }
}

interface CredentialKey {
  readonly privateKey: KeyObject;
  readonly alg: number;
  readonly hash: 'sha256' | null;
  readonly cose: Uint8Array;
}

function newKey(algorithm: 'ES256' | 'RS256' | 'EdDSA'): CredentialKey {
  const bytes = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? '', 'base64url'));
  switch (algorithm) {
    case 'ES256': {
      const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const { x, y } = privateKey.export({ format: 'jwk' });
      return {
        privateKey,
        alg: -7,
        hash: 'sha256',
        cose: encodeCbor(
          new Map<CborKey, CborValue>([
            [1, 2],
            [3, -7],
            [-1, 1],
            [-2, bytes(x)],
            [-3, bytes(y)],
          ]),
        ),
      };
    }
    case 'RS256': {
      const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const { n, e } = privateKey.export({ format: 'jwk' });
      return {
        privateKey,
        alg: -257,
        hash: 'sha256',
        cose: encodeCbor(
          new Map<CborKey, CborValue>([
            [1, 3],
            [3, -257],
            [-1, bytes(n)],
            [-2, bytes(e)],
          ]),
        ),
      };
    }
    case 'EdDSA': {
      const privateKey = generateKeyPairSync('ed25519').privateKey;
      const { x } = privateKey.export({ format: 'jwk' });
      return {
        privateKey,
        alg: -8,
        hash: null,
        cose: encodeCbor(
          new Map<CborKey, CborValue>([
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, bytes(x)],
          ]),
        ),
      };
    }
    default:
      return algorithm satisfies never;
  }
}

function sha256(data: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(data).digest());
}
