// Base64url as WebAuthn writes it (RFC 4648 §5, no padding), read strictly or as the world really sends it.

/** Text that is not the base64 form asked for. Does not repeat the text. */
export class Base64Error extends Error {
  override readonly name = 'Base64Error';
}

const URL_ALPHABET = /^[A-Za-z0-9_-]*$/;
const ANY_ALPHABET = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Base64url without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * Reads base64url without padding; every byte string has exactly one accepted spelling.
 * @throws {Base64Error} for padding, other characters, an impossible length or stray bits at the end.
 */
export function decodeBase64url(text: string): Uint8Array {
  if (!URL_ALPHABET.test(text)) throw new Base64Error('not base64url: unexpected characters');
  if (text.length % 4 === 1) throw new Base64Error('not base64url: impossible length');
  const bytes = bytesOfBase64(text);
  if (encodeBase64url(bytes) !== text) throw new Base64Error('not base64url: stray bits at the end');
  return bytes;
}

/**
 * Reads either alphabet, padded or not, ignoring stray bits at the end: for values of servers known to vary.
 * @throws {Base64Error} for other characters or an impossible length.
 */
export function decodeBase64Lenient(text: string): Uint8Array {
  if (!ANY_ALPHABET.test(text)) throw new Base64Error('not base64: unexpected characters');
  const bare = text.replace(/=+$/, '');
  if (bare.length % 4 === 1) throw new Base64Error('not base64: impossible length');
  return bytesOfBase64(bare);
}

function bytesOfBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64')); // a copy: small Buffers share one pool
}
