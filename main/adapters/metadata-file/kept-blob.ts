// The last good metadata BLOB on this machine. The file begins with a line that says when it was believed: at that moment its
// signer's certificates were in their days, and they may run out while a desk that reaches nobody still uses it.
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

export interface KeptBlob {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly believedMs: number;
}

/** More than this is no metadata; the published file has about 10 MB. */
const mostBytes = 64 * 1024 * 1024;
const firstLine = /^firstkey-metadata 1 (\d{1,15})\n/;

/** A file with a BLOB as it was downloaded. @throws {MetadataUnreadable} */
export async function readBlobFile(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new MetadataUnreadable('TOO_LARGE');
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** Null when nothing was kept, or what lies there was not written by {@link keepBlob}. @throws {MetadataUnreadable} */
export async function readKeptBlob(file: string): Promise<KeptBlob | null> {
  let content: string;
  try {
    content = await readBlobFile(file);
  } catch (error) {
    if (error instanceof MetadataUnreadable && error.code === 'ENOENT') return null;
    throw error;
  }
  const [line, believed] = firstLine.exec(content) ?? [];
  return line === undefined ? null : { text: content.slice(line.length), believedMs: Number(believed) };
}

/** Whole or not at all: a power cut leaves the one before. @throws {MetadataUnreadable} */
export async function keepBlob(file: string, { text, believedMs }: KeptBlob): Promise<void> {
  const beside = `${file}.new`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(`firstkey-metadata 1 ${believedMs}\n${text}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw asUnreadable(error);
  }
}

/** A file that can't be read or written. `code` is the system's, or `TOO_LARGE`; no path. */
export class MetadataUnreadable extends Error {
  override readonly name = 'MetadataUnreadable';
  readonly code: string;

  constructor(code: string) {
    super(`the metadata file can't be used: ${code}`);
    this.code = code;
  }
}

/** What the system says no with; anything else is a mistake of ours and goes up as it is. */
function asUnreadable(error: unknown): unknown {
  const isSystems = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isSystems ? new MetadataUnreadable(String(error.code)) : error;
}
