// The file that `firstkey doctor --page` writes: made before the look, so that nobody waits for a page that has no place, and
// never over another one.
import { open, rm } from 'node:fs/promises';

export interface PageFile {
  /** Writes the page, whole. @returns null, or what is wrong in words */
  write(page: string): Promise<string | null>;
  /** Lets go; a file that got no page goes away again. */
  close(): Promise<void>;
}

/** What a file system can answer to anybody's file name; other errors are bugs. */
const sentences: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name, and nothing is written over',
  EISDIR: 'that is a folder',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  EACCES: 'that is not allowed',
  EPERM: 'that is not allowed',
  EROFS: 'that is not allowed',
  ENAMETOOLONG: 'the name is too long',
  EINVAL: 'that is no name for a file',
  ENOSPC: 'there is no room',
  EDQUOT: 'there is no room',
  EIO: 'the file system refused',
};

/** @returns the file, or what is wrong in words */
export async function openPageFile(name: string): Promise<PageFile | string> {
  const opened = await told(() => open(name, 'wx', 0o600));
  if (typeof opened === 'string') return opened;
  let isWritten = false;
  return {
    async write(page) {
      const trouble = await told(() => opened.writeFile(page));
      isWritten = trouble === undefined;
      return trouble ?? null;
    },
    async close() {
      await opened.close();
      if (!isWritten) await rm(name, { force: true });
    },
  };
}

async function told<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    const sentence = error instanceof Error && 'code' in error ? sentences[String(error.code)] : undefined;
    if (sentence === undefined) throw error;
    return `The page can’t be written: ${sentence}.`;
  }
}
