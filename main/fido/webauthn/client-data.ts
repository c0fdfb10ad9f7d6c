// The client data: what the browser, or we in its place, vouch for. Its exact bytes are hashed, so they are written here
// and nowhere else. Source: WebAuthn Level 3 §5.8.1 (CollectedClientData, with its serialization).
import { createHash } from 'node:crypto';

type ClientDataType = 'webauthn.create' | 'webauthn.get';

export interface ClientData {
  readonly type: ClientDataType;
  /** Base64url without padding, exactly as the server gave it. */
  readonly challengeB64u: string;
  /** Such as `https://login.microsoft.com`. */
  readonly origin: string;
  readonly crossOrigin: boolean;
}

/** The bytes to hash and to send: keys in the specified order, no white space. */
export function encodeClientData({ type, challengeB64u, origin, crossOrigin }: ClientData): Uint8Array {
  const json = `{"type":${quote(type)},"challenge":${quote(challengeB64u)},"origin":${quote(origin)},"crossOrigin":${crossOrigin}}`;
  return new TextEncoder().encode(json);
}

/** What a key signs over: SHA-256, 32 bytes. */
export function hashClientData(clientDataJson: Uint8Array): Uint8Array {
  return sha256(clientDataJson);
}

/** What a key knows a relying party by: SHA-256 of its id, 32 bytes. */
export function hashRpId(rpId: string): Uint8Array {
  return sha256(new TextEncoder().encode(rpId));
}

/** Reads client data; `undefined` when it is no UTF-8 JSON with the members of {@link ClientData}. Others are ignored. */
export function readClientData(clientDataJson: Uint8Array): ClientData | undefined {
  const value = parseJson(clientDataJson);
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, challenge, origin, crossOrigin = false } = value as Readonly<Record<string, unknown>>;
  if (type !== 'webauthn.create' && type !== 'webauthn.get') return undefined;
  if (typeof challenge !== 'string' || typeof origin !== 'string' || typeof crossOrigin !== 'boolean') return undefined;
  return { type, challengeB64u: challenge, origin, crossOrigin };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // not UTF-8, or not JSON
  }
}

/** CCDToString of the specification: unlike JSON.stringify it has no short escapes for control characters. */
function quote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (code < 0x20) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else quoted += character;
  }
  return `${quoted}"`;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
