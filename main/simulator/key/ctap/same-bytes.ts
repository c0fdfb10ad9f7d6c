/** Whether two byte strings are equal. Not in constant time: for ids and hashes that are no secrets. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
