// Chosen files out of a zip archive, streamed one by one; no unzip has to be installed (PKWARE APPNOTE 6.3.9 §4.3).

import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** @typedef {{ name: string, mode: number, method: number, packedBytes: number, bytes: number, headerOffset: number }} ZipEntry */

const stored = 0;
const deflated = 8;

/**
 * @param {string} archive a zip file below 4 GiB and 65 535 entries (no zip64)
 * @param {(name: string) => string | null} targetOf the relative path to write an entry to, or null to leave it out
 * @param {string} folder where they are written; an entry that would land outside it is refused
 * @returns {Promise<number>} how many files were written
 */
export async function extractZipEntries(archive, targetOf, folder) {
  let written = 0;
  for (const entry of await listZip(archive)) {
    const relative = entry.name.endsWith('/') ? null : targetOf(entry.name);
    if (relative === null) continue;
    const target = path.resolve(folder, relative);
    if (!target.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${entry.name} would leave the folder`);
    await mkdir(path.dirname(target), { recursive: true });
    await extractEntry(archive, entry, target);
    written += 1;
  }
  return written;
}

/** @param {string} archive @returns {Promise<ZipEntry[]>} the central directory */
async function listZip(archive) {
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, 22 + 0xffff));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end === -1) throw new Error(`${archive} is not a zip archive`);
    const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
    await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16));
    return [...centralEntries(directory)];
  } finally {
    await file.close();
  }
}

/** @param {Buffer} directory @returns {Generator<ZipEntry>} */
function* centralEntries(directory) {
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameBytes = directory.readUInt16LE(at + 28);
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    };
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

/** @param {string} archive @param {ZipEntry} entry @param {string} target */
async function extractEntry(archive, entry, target) {
  if (entry.method !== stored && entry.method !== deflated)
    throw new Error(`${entry.name}: compression ${entry.method} is unknown`);
  const file = await open(archive);
  const header = Buffer.alloc(30);
  await file.read(header, 0, header.length, entry.headerOffset);
  await file.close();
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const output = createWriteStream(target);
  if (entry.packedBytes > 0) {
    const packed = createReadStream(archive, { start, end: start + entry.packedBytes - 1 });
    await (entry.method === stored ? pipeline(packed, output) : pipeline(packed, createInflateRaw(), output));
  } else {
    await new Promise((resolve) => output.end(() => resolve(undefined)));
  }
  if (output.bytesWritten !== entry.bytes) throw new Error(`${entry.name}: ${output.bytesWritten} of ${entry.bytes} bytes`);
  await chmod(target, entry.mode || 0o644);
}
