// What targets share: telling the errors that are allowed from those that are not, and keys that answer what they are told.
import { CborError } from '../../../main/fido/bytes/cbor.ts';
import { CborShapeError } from '../../../main/fido/bytes/cbor-read.ts';
import { CoseError } from '../../../main/fido/bytes/cose.ts';
import type { CtapTransport } from '../../../main/fido/ctap/command.ts';
import { CtapStatusError } from '../../../main/fido/ctap/status.ts';
import type { HidCall } from '../../../main/fido/hid/channel.ts';
import { ProtocolViolation } from '../../../main/fido/protocol-violation.ts';

type ErrorKind = abstract new (...parameters: never[]) => Error;

/** What readers of bytes may throw. */
export const READING_ERRORS: readonly ErrorKind[] = [CborError, CborShapeError, CoseError, ProtocolViolation];
/** What a CTAP2 operation may reject with. The codec's own errors must have become violations by then. */
export const ANSWER_ERRORS: readonly ErrorKind[] = [CtapStatusError, ProtocolViolation];

/** A promise that was not kept. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

export function promise(kept: boolean, what: string): asserts kept {
  if (!kept) throw new BrokenPromise(what);
}

/** The result, or undefined after one of these errors; any other goes on. */
export function unless<T>(errors: readonly ErrorKind[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errors.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/** As {@link unless}, for work that takes its time. */
export async function unlessRejected<T>(errors: readonly ErrorKind[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errors.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

export const NEVER: HidCall = { signal: new AbortController().signal };

/** A key that gives one answer, status byte first, to whatever it is asked. */
export function answering(answer: Uint8Array): CtapTransport {
  return { cbor: () => Promise.resolve(answer) };
}
