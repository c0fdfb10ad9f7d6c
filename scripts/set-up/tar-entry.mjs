// One file out of a gzipped tar (the form npm packs come in), streamed: nothing large is held in memory, and neither tar
// nor gzip has to be installed.

import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const blockBytes = 512;

/**
 * @param {string} archive a `.tgz` file
 * @param {string} name the entry's full name in it
 * @param {string} target the file to write
 * @throws {Error} when the archive has no such regular file, or ends inside it
 */
export async function extractTarEntry(archive, name, target) {
  const unpacked = createReadStream(archive).pipe(createGunzip());
  const content = entryContent(unpacked[Symbol.asyncIterator](), name);
  try {
    await pipeline(Readable.from(content), createWriteStream(target));
  } finally {
    unpacked.destroy();
  }
}

/**
 * @param {AsyncIterator<Buffer>} source the unpacked tar
 * @param {string} name
 * @returns {AsyncGenerator<Buffer>} the bytes of the entry (POSIX.1-1988 ustar: header block, content padded to blocks)
 */
async function* entryContent(source, name) {
  /** @type {Buffer} */
  let held = Buffer.alloc(0);
  /** @returns {Promise<boolean>} false at the end of the archive */
  const more = async () => {
    const { done, value } = await source.next();
    if (done) return false;
    held = held.length === 0 ? value : Buffer.concat([held, value]);
    return true;
  };
  for (;;) {
    while (held.length < blockBytes) if (!(await more())) throw new Error(`${name} is not in the archive`);
    const header = held.subarray(0, blockBytes);
    held = held.subarray(blockBytes);
    if (header[0] === 0) continue;
    const entry = [textField(header, 345, 155), textField(header, 0, 100)].filter((part) => part !== '').join('/');
    const sizeBytes = Number.parseInt(textField(header, 124, 12), 8);
    const wanted = entry === name && (header[156] === 0 || header[156] === 0x30);
    let left = sizeBytes;
    while (left > 0) {
      if (held.length === 0 && !(await more())) throw new Error(`${name}: the archive ends inside ${entry}`);
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      if (wanted) yield part;
    }
    if (wanted) return;
    const padding = (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
    while (held.length < padding) if (!(await more())) throw new Error(`${name} is not in the archive`);
    held = held.subarray(padding);
  }
}

/** @param {Buffer} header @param {number} offset @param {number} bytes @returns {string} a field without its padding */
function textField(header, offset, bytes) {
  const field = header.subarray(offset, offset + bytes);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? field.length : end).trim();
}
