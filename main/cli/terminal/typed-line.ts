// One line as it is typed into a terminal in raw mode, byte by byte, in memory that can be wiped.

export type TypedByte = 'more' | 'line' | 'interrupt' | 'end';

/** More than any PIN or word that is asked for; what is over is counted and makes the line no answer. */
const mostBytes = 1_024;

const key = {
  ctrlC: 0x03,
  ctrlD: 0x04,
  backspace: 0x08,
  enter: 0x0d,
  lineFeed: 0x0a,
  ctrlU: 0x15,
  escape: 0x1b,
  del: 0x7f,
} as const;
const firstPrintable = 0x20;

export class TypedLine {
  readonly #bytes = new Uint8Array(mostBytes);
  #length = 0;
  /** Inside an arrow key or the like: ESC, ESC [ or ESC O, and their parameters. */
  #escape: 'none' | 'begun' | 'sequence' = 'none';

  /** How many characters stand there. */
  get count(): number {
    return this.#bytes.subarray(0, this.#length).filter((byte) => !isContinuation(byte)).length;
  }

  take(byte: number): TypedByte {
    if (this.#escape !== 'none') return this.#inEscape(byte);
    switch (byte) {
      case key.ctrlC:
        return 'interrupt';
      case key.ctrlD:
        return this.#length === 0 ? 'end' : 'more';
      case key.enter:
      case key.lineFeed:
        return 'line';
      case key.backspace:
      case key.del:
        this.#dropLast();
        return 'more';
      case key.ctrlU:
        this.wipe();
        return 'more';
      case key.escape:
        this.#escape = 'begun';
        return 'more';
      default:
        if (byte >= firstPrintable && this.#length < mostBytes) {
          this.#bytes[this.#length] = byte;
          this.#length += 1;
        }
        return 'more';
    }
  }

  /** A copy of what was typed, UTF-8. The line is empty afterwards. */
  finish(): Uint8Array {
    const typed = this.#bytes.slice(0, this.#length);
    this.wipe();
    return typed;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }

  #inEscape(byte: number): TypedByte {
    // Whatever it was, Ctrl+C ends it.
    if (byte === key.ctrlC) return 'interrupt';
    const begins = this.#escape === 'begun' && (byte === 0x5b || byte === 0x4f);
    const goesOn = this.#escape === 'sequence' && byte >= 0x20 && byte <= 0x3f;
    this.#escape = begins || goesOn ? 'sequence' : 'none';
    return 'more';
  }

  #dropLast(): void {
    let dropped: number;
    do {
      if (this.#length === 0) return;
      this.#length -= 1;
      dropped = this.#bytes[this.#length] ?? 0;
      this.#bytes[this.#length] = 0;
    } while (isContinuation(dropped));
  }
}

/** The second to last byte of a character in UTF-8. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
