// Signatures that a seed repeats, against the published vectors and against node's own verifier.
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { p256KeyPair } from '../../main/simulator/key/credentials/credential-key.ts';
import { derSignature, signEcdsaP256 } from '../../main/simulator/key/credentials/deterministic-ecdsa.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

/** RFC 6979 appendix A.2.5: P-256, SHA-256. */
const VECTOR_SCALAR = Buffer.from('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'hex');

test.each([
  [
    'sample',
    'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716',
    'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  ],
  [
    'test',
    'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367',
    '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
  ],
])('the vector for “%s”', (message, r, s) => {
  expect(Buffer.from(signEcdsaP256(VECTOR_SCALAR, Buffer.from(message))).toString('hex')).toBe(r + s);
});

test('node verifies both forms for many keys and messages, short integers among them', () => {
  const randomBytes = seededRandomBytes('signatures');
  let shortIntegers = 0;
  for (let round = 0; round < 300; round += 1) {
    const { secret, x, y } = p256KeyPair(randomBytes);
    const coordinate = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const message = randomBytes(round % 70);
    const raw = signEcdsaP256(secret, message);
    const der = derSignature(raw);
    if (der.length < 70) shortIntegers += 1;
    expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    expect(verify('sha256', message, publicKey, der)).toBe(true);
    expect(verify('sha256', Buffer.concat([message, Buffer.of(1)]), publicKey, der)).toBe(false);
  }
  expect(shortIntegers).toBeGreaterThan(0);
});

test('one seed, one chain of certificates, to the byte; node accepts it', async () => {
  const made = async (seed: string) => {
    const attestation = await trainingAttestation({ randomBytes: seededRandomBytes(seed) });
    const leaf = await attestation.leafFor(new Uint8Array(16).fill(7), { serialNumber: Buffer.from('A1') });
    return { attestation, leaf };
  };
  const [first, second, other] = [await made('one'), await made('one'), await made('other')];
  const digest = ({ leaf }: typeof first) => createHash('sha256').update(leaf.certificateDer).digest('hex');
  expect(digest(first)).toBe(digest(second));
  expect(digest(first)).not.toBe(digest(other));
  expect(first.attestation.rootCertificatePem).toBe(second.attestation.rootCertificatePem);
  const [root, leaf] = [first.attestation.rootCertificateDer, first.leaf.certificateDer].map((der) => new X509Certificate(der));
  expect(root?.verify(root.publicKey)).toBe(true);
  expect(root !== undefined && leaf?.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
  const message = Buffer.from('attested');
  expect(verify('sha256', message, leaf?.publicKey ?? '', first.leaf.sign(message))).toBe(true);
});
