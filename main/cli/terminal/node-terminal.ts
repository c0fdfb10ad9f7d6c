// The terminal of this process. Without one, answers are lines of standard input. What is typed in secret is never shown,
// and stands in bytes that are wiped; only a PIN beyond ASCII passes through a string, to be brought into normal form C.
import { SecretCells } from '../../conductor/secret-cells.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Terminal } from '../terminal.ts';
import { PipedLines } from './piped-lines.ts';
import { TypedLine } from './typed-line.ts';

/** The part of Node's standard input that is used; `setRawMode` is there on a terminal. */
export interface TerminalInput {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end' | 'error', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'end' | 'error', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface TerminalOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface NodeTerminalParts {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly errors: TerminalOutput;
  /** Ctrl+C, which a terminal in raw mode hands over as a character. */
  readonly onInterrupt: () => void;
}

export interface NodeTerminal extends Terminal {
  /** Gives the terminal back as it was, and wipes what was read ahead. */
  close(): void;
}

export function nodeTerminal(parts: NodeTerminalParts): NodeTerminal {
  return new ProcessTerminal(parts);
}

class ProcessTerminal implements NodeTerminal {
  readonly isInteractive: boolean;
  readonly #parts: NodeTerminalParts;
  readonly #cells = new SecretCells();
  readonly #piped = new PipedLines();
  #isRaw = false;
  /** Takes what is typed between two questions, so that a PIN typed too early is neither shown nor kept. */
  #quiet: ((chunk: Uint8Array) => void) | null = null;

  constructor(parts: NodeTerminalParts) {
    this.#parts = parts;
    this.isInteractive = parts.input.isTTY === true && parts.errors.isTTY === true;
  }

  print(text: string): void {
    this.#parts.output.write(`${text}\n`);
  }

  tell(text: string): void {
    this.#parts.errors.write(`${text}\n`);
  }

  async askSecret(question: string, signal: AbortSignal): Promise<Secret | null> {
    const bytes = await this.#ask(question, signal, { shown: false });
    return bytes === null ? null : this.#cells.put(normal(bytes));
  }

  async askLine(question: string, signal: AbortSignal): Promise<string | null> {
    const bytes = await this.#ask(question, signal, { shown: true });
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  close(): void {
    this.#endQuiet();
    this.#setRaw(false);
    this.#parts.input.pause();
    this.#piped.wipe();
    this.#cells.keepOnly([]);
  }

  #ask(question: string, signal: AbortSignal, { shown }: { readonly shown: boolean }): Promise<Uint8Array | null> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return this.isInteractive ? this.#typedLine(question, signal, shown) : this.#pipedLine(signal);
  }

  #typedLine(question: string, signal: AbortSignal, shown: boolean): Promise<Uint8Array | null> {
    const { errors, onInterrupt } = this.#parts;
    const line = new TypedLine();
    // Before the question can be read: whoever answers at once must not be shown either.
    this.#setRaw(true);
    this.#endQuiet();
    errors.write(question);
    return this.#listen(signal, {
      onData: (chunk, settle) => {
        for (const [index, byte] of chunk.entries()) {
          const before = line.count;
          const taken = line.take(byte);
          if (taken === 'interrupt') onInterrupt();
          else if (taken === 'more' && shown) errors.write(shownAs(chunk.subarray(index, index + 1), line.count - before));
          else if (taken === 'line') settle(line.finish());
          else if (taken === 'end') settle(null);
        }
        chunk.fill(0);
      },
      onEnd: (settle) => settle(null),
    }).finally(() => {
      line.wipe();
      if (signal.aborted) this.#setRaw(false);
      else this.#beQuiet();
      errors.write('\n');
    });
  }

  #beQuiet(): void {
    const { input, onInterrupt } = this.#parts;
    this.#quiet ??= (chunk) => {
      if (chunk.includes(ctrlC)) onInterrupt();
      chunk.fill(0);
    };
    input.on('data', this.#quiet);
    input.resume();
  }

  #endQuiet(): void {
    if (this.#quiet === null) return;
    this.#parts.input.off('data', this.#quiet);
    this.#quiet = null;
  }

  #pipedLine(signal: AbortSignal): Promise<Uint8Array | null> {
    const ready = this.#piped.next();
    if (ready !== undefined) return Promise.resolve(ready);
    const settleNext = (settle: (line: Uint8Array | null) => void) => {
      const next = this.#piped.next();
      if (next !== undefined) settle(next);
    };
    return this.#listen(signal, {
      onData: (chunk, settle) => {
        this.#piped.push(chunk);
        settleNext(settle);
      },
      onEnd: (settle) => {
        this.#piped.end();
        settleNext(settle);
      },
    });
  }

  #listen(signal: AbortSignal, { onData, onEnd }: Listening): Promise<Uint8Array | null> {
    const { input } = this.#parts;
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const stop = () => {
        isSettled = true;
        // At once: a stream that flows on without a listener loses what comes.
        input.pause();
        input.off('data', data);
        input.off('end', end);
        input.off('error', end);
        signal.removeEventListener('abort', abort);
      };
      const settle = (line: Uint8Array | null) => {
        // What was typed beyond the line was typed too early, and is not kept.
        if (isSettled) return void line?.fill(0);
        stop();
        resolve(line);
      };
      const data = (chunk: Uint8Array) => onData(chunk, settle);
      const end = () => onEnd(settle);
      const abort = () => {
        stop();
        reject(signal.reason);
      };
      input.on('data', data);
      input.on('end', end);
      input.on('error', end);
      signal.addEventListener('abort', abort, { once: true });
      input.resume();
    });
  }

  #setRaw(isRaw: boolean): void {
    if (!this.isInteractive || this.#isRaw === isRaw) return;
    this.#isRaw = isRaw;
    this.#parts.input.setRawMode?.(isRaw);
  }
}

/** In raw mode a terminal hands it over as a character. */
const ctrlC = 0x03;

type Settle = (line: Uint8Array | null) => void;

interface Listening {
  readonly onData: (chunk: Uint8Array, settle: Settle) => void;
  readonly onEnd: (settle: Settle) => void;
}

/** What a terminal shows of a byte that made the line longer or shorter by so many characters. */
function shownAs(byte: Uint8Array, grownBy: number): string {
  if (grownBy < 0) return '\b \b'.repeat(-grownBy);
  const [code = 0] = byte;
  // Answers that are typed back are ASCII; anything else is read and not shown.
  return grownBy > 0 && code < 0x7f ? String.fromCharCode(code) : '';
}

const lastAscii = 0x7f;

/** Normal form C, as CTAP wants a PIN (CTAP 2.3 §6.5.1). Takes the bytes over. */
function normal(bytes: Uint8Array): Uint8Array {
  if (bytes.every((byte) => byte <= lastAscii)) return bytes;
  const composed = new TextEncoder().encode(new TextDecoder().decode(bytes).normalize('NFC'));
  bytes.fill(0);
  return composed;
}
