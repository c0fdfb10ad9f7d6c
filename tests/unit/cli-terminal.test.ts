// The terminal: what is typed in secret is not shown, can be corrected, is wiped where it passed, and the terminal is given
// back as it was.
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { nodeTerminal, type NodeTerminal, type TerminalInput } from '../../main/cli/terminal/node-terminal.ts';
import type { Secret } from '../../main/ports/secret.ts';

class TypedInput extends EventEmitter implements TerminalInput {
  readonly isTTY: boolean;
  raw = false;
  flowing = false;
  readonly #kept: Uint8Array[] = [];

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(isRaw: boolean): void {
    this.raw = isRaw;
  }

  resume(): void {
    this.flowing = true;
    for (let chunk = this.#kept.shift(); chunk !== undefined; chunk = this.#kept.shift()) {
      if (!this.flowing) return void this.#kept.unshift(chunk);
      this.emit('data', chunk);
    }
  }

  /** As a stream: what comes while nobody listens is kept. */
  send(chunk: Uint8Array): void {
    if (this.flowing) this.emit('data', chunk);
    else this.#kept.push(chunk);
  }

  pause(): void {
    this.flowing = false;
  }
}

class Written {
  readonly isTTY = true;
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

let input: TypedInput;
let output: Written;
let errors: Written;
let interruptions: number;
let control: AbortController;
let terminal: NodeTerminal;

function open(isTTY: boolean): void {
  input = new TypedInput(isTTY);
  output = new Written();
  errors = new Written();
  interruptions = 0;
  control = new AbortController();
  terminal = nodeTerminal({
    input,
    output,
    errors,
    onInterrupt: () => {
      interruptions += 1;
      control.abort(new DOMException('interrupted', 'AbortError'));
    },
  });
}

/** Sends bytes as a terminal would, and answers with the chunk, to see what is left of it. */
function type(text: string): Uint8Array {
  const chunk = new TextEncoder().encode(text);
  input.send(chunk);
  return chunk;
}

const textOf = (secret: Secret | null) => secret?.lend((bytes) => new TextDecoder().decode(bytes)) ?? null;

describe('a person at a terminal', () => {
  beforeEach(() => open(true));

  test('types a PIN that nobody sees, and every byte on the way is wiped', async () => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    expect(input).toMatchObject({ raw: true, flowing: true });
    const chunks = [type('73'), type('9105'), type('\r')];
    expect(textOf(await asked)).toBe('739105');
    expect(errors.text).toBe('PIN: \n');
    expect(output.text).toBe('');
    expect(chunks.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
    terminal.close();
    expect(input).toMatchObject({ raw: false, flowing: false });
    expect(input.listenerCount('data')).toBe(0);
  });

  test('is not shown what they type before the question stands there', () => {
    const rawWhenAsked: boolean[] = [];
    errors.write = () => void rawWhenAsked.push(input.raw);
    void terminal.askSecret('PIN: ', control.signal);
    expect(rawWhenAsked).toEqual([true]);
  });

  test('is neither shown nor believed what they type between two questions, and may break off there', async () => {
    const first = terminal.askSecret('PIN: ', control.signal);
    type('739105\r');
    await first;
    expect(input).toMatchObject({ raw: true, flowing: true });
    const early = type('too early\r');
    expect(early.every((byte) => byte === 0)).toBe(true);
    const second = terminal.askSecret('New PIN: ', control.signal);
    type('864209\r');
    expect(textOf(await second)).toBe('864209');
    type('\u0003');
    expect(interruptions).toBe(1);
  });

  test.each([
    ['backspace takes whole characters', 'aé€\u007f\u007fb\r', 'ab'],
    ['Ctrl+U begins again', '1234\u00155678\r', '5678'],
    ['arrow keys type nothing', '12\u001b[D\u001b[1;5C\u001bOP34\r', '1234'],
    ['Ctrl+D in the middle is nothing', '12\u000434\r', '1234'],
    ['a composed and a decomposed letter are the same', 'e\u0301x12\r', '\u00e9x12'],
    ['what comes behind the line is not kept', '1234\r5678', '1234'],
  ])('%s', async (_what, typed, read) => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    type(typed);
    expect(textOf(await asked)).toBe(read);
  });

  test('sees a confirmation while it is typed', async () => {
    const asked = terminal.askLine('Type delete: ', control.signal);
    type('delx\u007fete\r');
    expect(await asked).toBe('delete');
    expect(errors.text).toBe('Type delete: delx\b \bete\n');
  });

  test('ends the input with Ctrl+D', async () => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    type('\u0004');
    expect(await asked).toBeNull();
  });

  test('breaks off with Ctrl+C and gets the terminal back', async () => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    type('12');
    type('\u0003');
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(interruptions).toBe(1);
    expect(input).toMatchObject({ raw: false, flowing: false });
    await expect(terminal.askSecret('PIN: ', control.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('leaves no secret behind when it is closed', async () => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    type('739105\r');
    const pin = await asked;
    terminal.close();
    expect(() => pin?.lend((bytes) => bytes)).toThrow('wiped');
    expect(String(pin)).toBe('[secret]');
  });
});

describe('a pipe', () => {
  beforeEach(() => open(false));

  test('gives line after line, however the chunks fall, and no question is put', async () => {
    const first = terminal.askSecret('PIN: ', control.signal);
    const chunks = [type('27'), type('1828\r\n7391'), type('05\n')];
    expect(textOf(await first)).toBe('271828');
    expect(textOf(await terminal.askSecret('New PIN: ', control.signal))).toBe('739105');
    expect(chunks.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
    expect(errors.text + output.text).toBe('');
    expect(terminal.isInteractive).toBe(false);
  });

  test('has a last line without an end, and then no more', async () => {
    const first = terminal.askSecret('PIN: ', control.signal);
    type('739105');
    input.emit('end');
    expect(textOf(await first)).toBe('739105');
    expect(await terminal.askSecret('PIN: ', control.signal)).toBeNull();
  });

  test('of more than a few lines is no answer of ours', async () => {
    const asked = terminal.askSecret('PIN: ', control.signal);
    type('x'.repeat(70_000));
    expect(await asked).toBeNull();
  });
});
