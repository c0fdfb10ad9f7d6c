// Electron's fuses as they are in the executable that runs (electronjs.org, "Electron Fuses"): a sentinel, a version, a length,
// and a byte for each.
import { createReadStream } from 'node:fs';

const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
const on = 0x31;
/** What must be so at a desk, in the order of the wire. Null: it does not matter here. */
const wanted: readonly (readonly [name: string, state: boolean | null])[] = [
  ['runAsNode', false],
  ['enableCookieEncryption', null],
  ['enableNodeOptionsEnvironmentVariable', false],
  ['enableNodeCliInspectArguments', false],
  ['enableEmbeddedAsarIntegrityValidation', true],
  ['onlyLoadAppFromAsar', true],
  ['loadBrowserProcessSpecificV8Snapshot', null],
  ['grantFileProtocolExtraPrivileges', false],
];

/** Names of the fuses that stand otherwise than at a desk; null when the file has none. @param file the executable, on macOS the framework */
export async function fusesOtherwise(file: string): Promise<readonly string[] | null> {
  const wire = await wireOf(file);
  if (wire === null) return null;
  return wanted.flatMap(([name, state], place) => (state === null || (wire[place] === on) === state ? [] : [name]));
}

/** Read in pieces: an executable has some 200 MB. */
async function wireOf(file: string): Promise<Uint8Array | null> {
  const header = sentinel.length + 2;
  let kept = Buffer.alloc(0);
  for await (const piece of createReadStream(file, { highWaterMark: 4 * 1024 * 1024 })) {
    kept = Buffer.concat([kept, piece as Buffer]);
    const at = kept.indexOf(sentinel);
    if (at >= 0 && kept.length >= at + header + wanted.length) return kept.subarray(at + header, at + header + wanted.length);
    // The sentinel may begin in this piece and end in the next one.
    kept = kept.subarray(Math.max(0, at < 0 ? kept.length - header - wanted.length : at));
  }
  return null;
}
