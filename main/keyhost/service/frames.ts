// Messages of the key host as bytes: four bytes of length, then one CBOR item in the form of main/fido/bytes/cbor.ts.
// CBOR and not JSON, because PINs stay bytes that can be wiped; a JSON text of them would lie in memory until it is collected.
import { CborError, decodeCbor, encodeCbor, type CborValue } from '../../fido/bytes/cbor.ts';
import { wipe } from '../../fido/bytes/compare.ts';

/** A registration with its longest list of excluded credentials is three quarters of this. */
export const mostFrameBytes = 1_048_576;
const lengthBytes = 4;
const smallestBuffer = 4_096;
/** An envelope around creation options nests five deep. */
const maxDepth = 8;

/** What was read is no frame of ours; nothing behind it can be trusted to be one. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * One message as a frame. Takes what a structured clone of the key host's messages holds: plain objects, lists, text,
 * whole numbers, booleans, null, bytes.
 * @throws {FrameError} for anything else, and for more than {@link mostFrameBytes}.
 */
export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const body = encoded(toCbor(message));
  try {
    if (body.length > mostFrameBytes) throw new FrameError('the message is too long');
    const frame = new Uint8Array(lengthBytes + body.length);
    new DataView(frame.buffer).setUint32(0, body.length);
    frame.set(body, lengthBytes);
    return frame;
  } finally {
    wipe(body);
  }
}

/** Cuts a stream of bytes into messages. Holds at most one frame and what came with its end. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(smallestBuffer);
  #length = 0;

  /**
   * The messages that are complete with `chunk`. The chunk is wiped, and so is every frame: they may hold a PIN.
   * @throws {FrameError} when the bytes are no frames; the stream is then useless.
   */
  *push(chunk: Uint8Array): Generator<unknown, void> {
    this.#append(chunk);
    for (;;) {
      const frameLength = this.#frameLength();
      if (frameLength === null || this.#length < frameLength) return;
      const message = fromCbor(decoded(this.#bytes.subarray(lengthBytes, frameLength)));
      this.#drop(frameLength);
      yield message;
    }
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      wipe(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = needed;
    wipe(chunk);
  }

  /** With its head; null while not even that is there. */
  #frameLength(): number | null {
    if (this.#length < lengthBytes) return null;
    const bodyLength = new DataView(this.#bytes.buffer).getUint32(0);
    if (bodyLength < 1 || bodyLength > mostFrameBytes) throw new FrameError(`a frame of ${bodyLength} bytes`);
    return lengthBytes + bodyLength;
  }

  #drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    wipe(this.#bytes.subarray(this.#length - count, this.#length));
    this.#length -= count;
  }
}

function encoded(item: CborValue): Uint8Array {
  try {
    return encodeCbor(item, { maxDepth });
  } catch (cause) {
    if (cause instanceof CborError) throw new FrameError('a message that has no CBOR of ours', { cause });
    throw cause;
  }
}

function decoded(body: Uint8Array): CborValue {
  try {
    return decodeCbor(body, { canonical: true, maxDepth });
  } catch (cause) {
    if (cause instanceof CborError) throw new FrameError('a frame that is no CBOR of ours', { cause });
    throw cause;
  }
}

function toCbor(value: unknown): CborValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'object':
      break;
    default:
      throw new FrameError(`a ${typeof value} in a message`);
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(toCbor);
  return new Map(Object.entries(value).map(([key, member]) => [key, toCbor(member)]));
}

function fromCbor(value: CborValue): unknown {
  if (typeof value === 'bigint') throw new FrameError('a number beyond 2^53');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (isList(value)) return value.map(fromCbor);
  return Object.fromEntries(
    [...value].map(([key, member]) => {
      if (typeof key !== 'string') throw new FrameError('a member without a name');
      return [key, fromCbor(member)];
    }),
  );
}

function isList(value: object): value is readonly CborValue[] {
  return Array.isArray(value);
}
