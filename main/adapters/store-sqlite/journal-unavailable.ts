// The one way the store fails: told apart by name, because those who handle it do not import adapters.

export type JournalTrouble =
  | 'full'
  | 'readOnly'
  | 'corrupt'
  | 'busy'
  /** Somebody else may read the desk's key. */
  | 'keyOpen'
  /** It belongs to another account than the one that asks. */
  | 'notOwn'
  /** Written by a newer Firstkey. */
  | 'newer'
  | 'closed'
  | 'io';

/** Nothing was written. Carries no path and no text of the operating system. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
  readonly trouble: JournalTrouble;

  constructor(trouble: JournalTrouble) {
    super(`the journal can't be used: ${trouble}`);
    this.trouble = trouble;
  }
}

/**
 * The trouble behind what SQLite, libsql or the file system threw (https://www.sqlite.org/rescode.html, errno(3)).
 * @throws the error itself when it is none of theirs.
 */
export function troubleOf(error: unknown): JournalTrouble {
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return 'full';
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'readOnly';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'corrupt';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy';
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN') || /^E[A-Z]+$/.test(code)) return 'io';
  // libsql tells a file it can't open in words only.
  if (error.message.startsWith('ConnectionFailed(')) return 'io';
  throw error;
}
