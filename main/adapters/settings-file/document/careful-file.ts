// Reading a file that decides what a desk does. Whoever may write it, or put another in its place, decides instead: what is no
// plain file, what others may write, and what changes while it is read is refused by name, before a byte of it counts.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import path from 'node:path';

export type FileTrouble =
  | 'missing'
  | 'unreadable'
  | 'symlink'
  | 'notAFile'
  | 'tooLarge'
  | 'changing'
  | 'foreignOwner'
  | 'writableByOthers'
  | 'folderForeignOwner'
  | 'folderWritableByOthers';

export type CarefulReading =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly trouble: FileTrouble };

export interface FileRules {
  readonly mostBytes: number;
  /** User ids that may own the file and every folder above it; null: nobody looks at owners and permissions. */
  readonly owners: readonly number[] | null;
}

/** Somebody is writing; a few more looks are worth it. */
const looks = 3;
const writableByGroup = 0o020n;
const writableByAll = 0o002n;
/** In such a folder nobody can put another file in place of one that is not theirs. */
const sticky = 0o1000n;

/** Never waits: a pipe or a device is not opened. Windows has no such owners and permissions; there the access list decides. */
export function readCarefully(file: string, rules: FileRules): CarefulReading {
  try {
    const trouble = rules.owners === null ? null : troubleAbove(file, rules.owners);
    if (trouble !== null) return { ok: false, trouble };
    for (let look = 0; look < looks; look += 1) {
      const reading = readOnce(file, rules);
      if (reading.ok || reading.trouble !== 'changing') return reading;
    }
    return { ok: false, trouble: 'changing' };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return { ok: false, trouble };
  }
}

function readOnce(file: string, { mostBytes, owners }: FileRules): CarefulReading {
  const no = (trouble: FileTrouble): CarefulReading => ({ ok: false, trouble });
  const seen = lstatSync(file, { bigint: true });
  if (seen.isSymbolicLink()) return no('symlink');
  // Opening is enough to wake some devices.
  if (!seen.isFile()) return no('notAFile');
  const onlyThis = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = openSync(file, constants.O_RDONLY | onlyThis);
  try {
    const opened = fstatSync(handle, { bigint: true });
    if (!opened.isFile()) return no('notAFile');
    if (!isSame(seen, opened)) return no('changing');
    const trouble = owners === null ? null : permissionTrouble(opened, owners);
    if (trouble !== null) return no(trouble);
    if (opened.size > BigInt(mostBytes)) return no('tooLarge');
    const bytes = readAll(handle, mostBytes);
    if (bytes === null) return no('tooLarge');
    return isSame(opened, fstatSync(handle, { bigint: true })) ? { ok: true, bytes } : no('changing');
  } finally {
    closeSync(handle);
  }
}

/** Null when there is more than that, whatever the size said. */
function readAll(handle: number, mostBytes: number): Uint8Array | null {
  const buffer = new Uint8Array(mostBytes + 1);
  let length = 0;
  for (;;) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    length += count;
    if (length > mostBytes) return null;
    if (count === 0) return buffer.slice(0, length);
  }
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

function permissionTrouble(
  { uid, gid, mode }: BigIntStats,
  owners: readonly number[],
): 'foreignOwner' | 'writableByOthers' | null {
  if (process.platform === 'win32') return null;
  if (!owners.includes(Number(uid))) return 'foreignOwner';
  const byGroup = gid === 0n ? 0n : writableByGroup;
  return (mode & (writableByAll | byGroup)) === 0n ? null : 'writableByOthers';
}

function troubleAbove(file: string, owners: readonly number[]): FileTrouble | null {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const seen = lstatSync(folder, { bigint: true });
    if (seen.isSymbolicLink()) return 'symlink';
    const trouble = permissionTrouble(seen, owners);
    if (trouble === 'foreignOwner') return 'folderForeignOwner';
    if (trouble === 'writableByOthers' && (seen.mode & sticky) === 0n) return 'folderWritableByOthers';
    if (folder === path.dirname(folder)) return null;
  }
}

/** Null for what is not the system's no. */
function troubleOf(error: unknown): FileTrouble | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing';
    case 'ELOOP':
      return 'symlink';
    default:
      return 'unreadable';
  }
}

/** Ends of sentences that begin with the file's name. */
export const fileTroubleWords: Readonly<Record<FileTrouble, string>> = {
  missing: 'is not there.',
  unreadable: 'is not readable for this account.',
  symlink: 'is a link, or lies behind one. Put the file itself there.',
  notAFile: 'is not a file.',
  tooLarge: 'is too large.',
  changing: 'changed while it was read. Write another file and move it there.',
  foreignOwner: 'belongs to another account. Its owner must be root.',
  writableByOthers: 'can be written by other accounts. Take that right away.',
  folderForeignOwner: 'lies in a folder of another account. Its owner must be root.',
  folderWritableByOthers: 'lies in a folder that other accounts can write. Take that right away.',
};
