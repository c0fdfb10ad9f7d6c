// CTAP1/U2F as a key answers it: register, authenticate, version. The person is asked by polling: the key says that it
// wants a touch, and the host comes back until there was one.
// Source: FIDO U2F Raw Message Formats v1.2 §3 (framing), §4 (registration), §5 (authentication), §6 (version).
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { FidoClock, RandomBytes } from '../../../fido/surroundings.ts';
import { makeCredentialKey, signWith } from '../credentials/credential-key.ts';
import type { U2fMemory } from '../credentials/u2f-memory.ts';
import { sameBytes } from '../ctap/same-bytes.ts';
import type { AttestationLeaf } from '../training-attestation.ts';
import type { UserPresence } from '../user-presence.ts';

const Sw = {
  ok: 0x9000,
  wrongLength: 0x6700,
  conditionsNotSatisfied: 0x6985,
  notAllowed: 0x6986,
  wrongData: 0x6a80,
  instructionUnknown: 0x6d00,
  classUnknown: 0x6e00,
} as const;

const Instruction = { register: 0x01, authenticate: 0x02, version: 0x03 } as const;
const Control = { checkOnly: 0x07, enforcePresence: 0x03, dontEnforcePresence: 0x08 } as const;

const KEY_HANDLE_BYTES = 64;
const HASH_BYTES = 32;
/** How long a touch counts, and how long the light blinks for one. */
const TOUCH_COUNTS_MS = 10_000;

/** What signs for a key handle. */
export interface U2fSigner {
  readonly secret: Uint8Array;
}

export interface U2fParts {
  readonly memory: U2fMemory;
  readonly attestation: AttestationLeaf;
  readonly presence: UserPresence;
  readonly clock: FidoClock;
  readonly randomBytes: RandomBytes;
  readonly power: AbortSignal;
  /** False while the key always verifies its owner, which U2F can't. */
  readonly isAllowed: () => boolean;
  /** A credential made over CTAP 2 that U2F may use too. */
  readonly credentialFor: (keyHandle: Uint8Array, application: Uint8Array) => U2fSigner | undefined;
}

interface Apdu {
  readonly instruction: number;
  readonly control: number;
  readonly data: Uint8Array;
}

export class U2fMessages {
  readonly #parts: U2fParts;
  #isAsking = false;
  #touchedAtMs: number | undefined;

  constructor(parts: U2fParts) {
    this.#parts = parts;
  }

  /** Answers one APDU: data followed by the two status bytes. */
  answer(message: Uint8Array): Uint8Array {
    if ((message[0] ?? 0) !== 0) return withStatus(Sw.classUnknown);
    const apdu = readApdu(message);
    if (apdu === undefined) return withStatus(Sw.wrongLength);
    switch (apdu.instruction) {
      case Instruction.version:
        return apdu.data.length === 0 ? withStatus(Sw.ok, new TextEncoder().encode('U2F_V2')) : withStatus(Sw.wrongLength);
      case Instruction.register:
        return this.#parts.isAllowed() ? this.#register(apdu) : withStatus(Sw.notAllowed);
      case Instruction.authenticate:
        return this.#parts.isAllowed() ? this.#authenticate(apdu) : withStatus(Sw.notAllowed);
      default:
        return withStatus(Sw.instructionUnknown);
    }
  }

  #register({ data }: Apdu): Uint8Array {
    if (data.length !== 2 * HASH_BYTES) return withStatus(Sw.wrongLength);
    if (!this.#takeTouch()) return withStatus(Sw.conditionsNotSatisfied);
    const { memory, attestation, randomBytes } = this.#parts;
    const [challenge, application] = [data.slice(0, HASH_BYTES), data.slice(HASH_BYTES)];
    const keyHandle = randomBytes(KEY_HANDLE_BYTES);
    const { secret, publicKey } = makeCredentialKey(-7, randomBytes);
    memory.registrations.push({ keyHandle, application, secret, publicKey });
    const point = pointOf(publicKey);
    const signature = attestation.sign(Buffer.concat([Uint8Array.of(0), application, challenge, keyHandle, point]));
    const answer = [
      Uint8Array.of(0x05),
      point,
      Uint8Array.of(keyHandle.length),
      keyHandle,
      attestation.certificateDer,
      signature,
    ];
    return withStatus(Sw.ok, Buffer.concat(answer));
  }

  #authenticate({ control, data }: Apdu): Uint8Array {
    const keyHandleBytes = data[2 * HASH_BYTES];
    if (keyHandleBytes === undefined || data.length !== 2 * HASH_BYTES + 1 + keyHandleBytes) return withStatus(Sw.wrongLength);
    const [challenge, application] = [data.slice(0, HASH_BYTES), data.slice(HASH_BYTES, 2 * HASH_BYTES)];
    const signer = this.#signerFor(data.slice(2 * HASH_BYTES + 1), application);
    if (signer === undefined) return withStatus(Sw.wrongData);
    if (control === Control.checkOnly) return withStatus(Sw.conditionsNotSatisfied);
    const isSilent = control === Control.dontEnforcePresence;
    if (!isSilent && control !== Control.enforcePresence) return withStatus(Sw.wrongData);
    if (!isSilent && !this.#takeTouch()) return withStatus(Sw.conditionsNotSatisfied);
    const { memory } = this.#parts;
    memory.signatureCount += 1;
    const proof = new DataView(new ArrayBuffer(5));
    proof.setUint8(0, isSilent ? 0 : 1);
    proof.setUint32(1, memory.signatureCount);
    const presenceAndCount = new Uint8Array(proof.buffer);
    const signed = Buffer.concat([application, presenceAndCount, challenge]);
    const signature = signWith({ algorithm: -7, secret: signer.secret }, signed);
    return withStatus(Sw.ok, Buffer.concat([presenceAndCount, signature]));
  }

  #signerFor(keyHandle: Uint8Array, application: Uint8Array): U2fSigner | undefined {
    const { memory, credentialFor } = this.#parts;
    const isIt = (known: { readonly keyHandle: Uint8Array; readonly application: Uint8Array }) =>
      sameBytes(known.keyHandle, keyHandle) && sameBytes(known.application, application);
    return memory.registrations.find(isIt) ?? credentialFor(keyHandle, application);
  }

  /** True once for each touch; otherwise the light begins to blink, unless it does. */
  #takeTouch(): boolean {
    const { presence, clock, power } = this.#parts;
    const touchedAtMs = this.#touchedAtMs;
    this.#touchedAtMs = undefined;
    if (touchedAtMs !== undefined && clock.nowMs() - touchedAtMs <= TOUCH_COUNTS_MS) return true;
    if (!this.#isAsking) {
      this.#isAsking = true;
      void presence.ask(TOUCH_COUNTS_MS, power).then((outcome) => {
        this.#isAsking = false;
        if (outcome.kind === 'touched') this.#touchedAtMs = clock.nowMs();
      });
    }
    return false;
  }
}

/** Short and extended lengths, as ISO 7816-4 has them; `undefined` when the lengths don't fit the message. */
function readApdu(message: Uint8Array): Apdu | undefined {
  const [, instruction, control, , short] = message;
  if (instruction === undefined || control === undefined || message.length < 4) return undefined;
  const apdu = (from: number, length: number): Apdu => ({ instruction, control, data: message.slice(from, from + length) });
  // Nothing behind the header, or one expected length of one or three bytes.
  if (short === undefined || message.length === 5 || (short === 0 && message.length === 7)) return apdu(4, 0);
  if (short !== 0) return [5 + short, 6 + short].includes(message.length) ? apdu(5, short) : undefined;
  const extended = (message[5] ?? 0) * 256 + (message[6] ?? 0);
  return [7 + extended, 9 + extended].includes(message.length) ? apdu(7, extended) : undefined;
}

/** 04, x, y. */
function pointOf(publicKey: CborMap): Uint8Array {
  const [x, y] = [publicKey.get(-2), publicKey.get(-3)];
  if (!(x instanceof Uint8Array) || !(y instanceof Uint8Array)) throw new Error('a P-256 key has x and y');
  return Uint8Array.of(0x04, ...x, ...y);
}

function withStatus(status: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  return Uint8Array.of(...data, status >> 8, status & 0xff);
}
