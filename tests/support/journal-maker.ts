// Journals of a test's own, line by line: files with seals in between, and copies that went on differently.
import { hashOf, writeHead, writeLine, type LineBody } from '../../main/journal/line.ts';
import { makeSigningKey, type SigningKey } from '../../main/journal/signing-key.ts';

const startMs = Date.parse('2026-11-23T09:00:00Z');

export class JournalMaker {
  readonly lines: string[] = [];
  readonly desk: string;
  key: SigningKey;
  file = 1;

  constructor(key = makeSigningKey()) {
    this.key = key;
    this.desk = key.id;
    this.add({ event: 'journal.begun', publicKey: key.spkiB64u, because: 'new', seal: null, setAside: null });
  }

  get sequence(): number {
    return this.lines.length;
  }

  add(body: LineBody, stay: string | null = null): string {
    const before = this.lines.at(-1);
    const sequence = this.sequence + 1;
    const line = writeLine(
      {
        desk: this.desk,
        file: this.file,
        sequence,
        at: new Date(startMs + sequence * 1000).toISOString(),
        stay,
        body,
        previous: before === undefined ? null : hashOf(before),
      },
      this.key,
    );
    this.lines.push(line);
    return line;
  }

  addMany(count: number, note = 'entry'): this {
    for (let index = 0; index < count; index += 1) this.add({ event: 'lateAnswer', effect: `${note}${index}` }, `stay-${index}`);
    return this;
  }

  seal(): this {
    const next = makeSigningKey();
    const { spkiB64u: publicKey } = this.key;
    const seal = this.add({ event: 'journal.sealed', publicKey, nextPublicKey: next.spkiB64u, because: 'size' });
    this.key = next;
    this.file += 1;
    this.add({ event: 'journal.begun', publicKey: next.spkiB64u, because: 'sealed', seal, setAside: null });
    return this;
  }

  head(sequence = this.sequence): string {
    const line = this.lines[sequence - 1] ?? '';
    const at = new Date(startMs + sequence * 1000).toISOString();
    return writeHead({ desk: this.desk, file: this.file, sequence, at, hash: hashOf(line) }, this.key);
  }

  /** The same desk put back to what it was after so many entries. */
  copyAt(sequence: number): JournalMaker {
    const copy = new JournalMaker(this.key);
    copy.lines.splice(0, copy.lines.length, ...this.lines.slice(0, sequence));
    copy.file = this.file;
    return Object.assign(copy, { desk: this.desk });
  }
}
