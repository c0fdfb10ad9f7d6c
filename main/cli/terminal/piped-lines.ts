// Lines of a pipe or a file, cut out of bytes that can be wiped.

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Far more than the few short lines that any command reads. */
const mostBytes = 65_536;

export class PipedLines {
  readonly #bytes = new Uint8Array(mostBytes);
  #length = 0;
  #ended = false;

  /** Takes a chunk over and wipes it. What does not fit is no line of ours: the input counts as ended. */
  push(chunk: Uint8Array): void {
    if (this.#length + chunk.length <= mostBytes) {
      this.#bytes.set(chunk, this.#length);
      this.#length += chunk.length;
    } else {
      this.#ended = true;
    }
    chunk.fill(0);
  }

  /** No more chunks will come; what stands there is the last line. */
  end(): void {
    this.#ended = true;
  }

  /** The next line without its end; null when the input has ended; undefined when more has to come first. */
  next(): Uint8Array | null | undefined {
    const at = this.#bytes.subarray(0, this.#length).indexOf(lineFeed);
    if (at < 0 && !this.#ended) return undefined;
    if (at < 0 && this.#length === 0) return null;
    const end = at < 0 ? this.#length : at;
    const line = this.#bytes.slice(0, this.#bytes[end - 1] === carriageReturn ? end - 1 : end);
    const used = at < 0 ? end : end + 1;
    this.#bytes.copyWithin(0, used, this.#length);
    this.#bytes.fill(0, this.#length - used, this.#length);
    this.#length -= used;
    return line;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
    this.#ended = true;
  }
}
