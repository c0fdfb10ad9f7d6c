// Writes the archive form Electron loads applications from: a JSON header in Chromium's Pickle framing (every field is a
// little-endian uint32 length, then padding to four bytes), followed by the files. github.com/electron/asar, "Format".

/**
 * @param {Record<string, Uint8Array>} files contents by name; names are plain, without folders
 * @returns {Buffer} the archive
 */
export function asarArchive(files) {
  let offset = 0;
  /** @type {Record<string, { size: number, offset: string }>} */
  const entries = {};
  for (const [name, content] of Object.entries(files)) {
    entries[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify({ files: entries }));
  const paddedBytes = Math.ceil(json.length / 4) * 4;
  const header = Buffer.alloc(16 + paddedBytes);
  header.writeUInt32LE(4, 0);
  header.writeUInt32LE(8 + paddedBytes, 4);
  header.writeUInt32LE(4 + paddedBytes, 8);
  header.writeUInt32LE(json.length, 12);
  json.copy(header, 16);
  return Buffer.concat([header, ...Object.values(files)]);
}
