// Where the journal stood, kept in a second place: a journal that was put back from an older copy is found out by it. Written
// after the entry it tells of, and waited for by nobody, so it may be a few entries behind and is never ahead.
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { readHead, type JournalHead } from '../../journal/line.ts';
import { troubleOf, type JournalTrouble } from './journal-unavailable.ts';

/** Null when there is none that can be read. */
export async function readHeadRecord(file: string): Promise<JournalHead | null> {
  try {
    return readHead(await readFile(file, 'utf8'));
  } catch (error) {
    troubleOf(error); // anything but the file system's words goes up
    return null;
  }
}

export class HeadRecord {
  readonly #file: string;
  readonly #onTrouble: (trouble: JournalTrouble) => void;
  #next: string | null = null;
  #writing: Promise<void> | null = null;
  #isTold = false;

  constructor(file: string, onTrouble: (trouble: JournalTrouble) => void) {
    this.#file = file;
    this.#onTrouble = onTrouble;
  }

  /** The newest counts; what came in between need not be written. */
  note(head: string): void {
    this.#next = head;
    this.#writing ??= this.#writeAll();
  }

  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // Several entries in one turn of the loop are one record.
    await new Promise((resolve) => setImmediate(resolve));
    for (let head = this.#next; head !== null; head = this.#next) {
      this.#next = null;
      await this.#write(head);
    }
    this.#writing = null;
  }

  async #write(head: string): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      const beside = `${this.#file}.new`;
      const handle = await open(beside, 'w', 0o600);
      try {
        await handle.writeFile(`${head}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, this.#file);
      this.#isTold = false;
    } catch (error) {
      const trouble = troubleOf(error);
      if (!this.#isTold) this.#onTrouble(trouble);
      this.#isTold = true;
    }
  }
}
