// By what a key is called in a terminal: its serial number where it tells one, otherwise a short id. The id is made of what
// a key always tells, so it is the same in every command; two keys that tell the same have the same, and are told apart by
// unplugging one.
import { createHash } from 'node:crypto';
import type { KeyInspection } from '../ports/key-care.ts';

const idChars = 6;

/** Six hexadecimal digits. */
export function shortId({ vendorId, productId, serial, description }: KeyInspection): string {
  const { model, aaguid, firmware, plug } = description;
  return createHash('sha256')
    .update(JSON.stringify([vendorId, productId, serial, model, aaguid, firmware, plug]))
    .digest('hex')
    .slice(0, idChars);
}

/** What `--key` takes for this key. */
export function keyName(inspection: KeyInspection): string {
  return inspection.serial ?? shortId(inspection);
}

export function isCalled(inspection: KeyInspection, name: string): boolean {
  return inspection.serial === name || shortId(inspection) === name.toLowerCase();
}
