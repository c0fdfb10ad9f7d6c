// Random bytes that a failing test can have again.
import { createHash } from 'node:crypto';
import type { RandomBytes } from '../../main/fido/surroundings.ts';

/** The same stream for the same seed: SHA-256 over seed and counter. */
export function seededRandomBytes(seed: string): RandomBytes {
  let counter = 0;
  let left = Buffer.alloc(0);
  return (length) => {
    while (left.length < length) {
      const block = createHash('sha256').update(`${seed}/${counter}`).digest();
      left = Buffer.concat([left, block]);
      counter += 1;
    }
    const bytes = Uint8Array.from(left.subarray(0, length));
    left = left.subarray(length);
    return bytes;
  };
}
