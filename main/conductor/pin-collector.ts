// Collects a PIN press by press, from the keyboard and from the pad, and tells the machine only how many there are and
// which rules they meet. The presses stand in one preallocated array that is wiped on the way out.
import { limits } from '../../contract/limits.ts';
import type { PinNotice, PinRule } from '../../contract/snapshot.ts';
import type { Keystroke } from '../ports/keyboard.ts';
import type { SecretTicket } from '../ports/secret.ts';
import type { PinAsk } from '../session/effect.ts';
import type { PinFact } from '../session/event.ts';
import { isGuessable } from '../session/pin-rules.ts';
import type { SecretCells } from './secret-cells.ts';

const firstPrintable = 0x20;
const lastAscii = 0x7e;

/** New PINs keep to ASCII, because keyboards elsewhere may not have more; a PIN that exists may hold anything. */
const allowedInNewPin = (point: number): boolean => point >= firstPrintable && point <= lastAscii;

export class PinCollector {
  readonly #ask: PinAsk;
  readonly #cells: SecretCells;
  readonly #tell: (fact: PinFact) => void;
  readonly #points = new Uint32Array(limits.pinBytes);
  #count = 0;

  constructor(ask: PinAsk, cells: SecretCells, tell: (fact: PinFact) => void) {
    this.#ask = ask;
    this.#cells = cells;
    this.#tell = tell;
    this.#tellEdited(null);
  }

  take(stroke: Keystroke): void {
    switch (stroke.kind) {
      case 'symbol':
        this.#add(stroke.symbol);
        return;
      case 'delete':
        if (this.#count > 0) {
          this.#count -= 1;
          this.#points[this.#count] = 0;
        }
        this.#tellEdited(null);
        return;
      case 'submit':
        this.#submit();
        return;
      default:
        stroke satisfies never;
    }
  }

  /** Forgets what was typed. */
  stop(): void {
    this.#points.fill(0);
    this.#count = 0;
  }

  get #makes(): boolean {
    return this.#ask.ask === 'choose' || this.#ask.ask === 'again';
  }

  get #typed(): number[] {
    return [...this.#points.subarray(0, this.#count)];
  }

  #add(symbol: string): void {
    const points = [...symbol.normalize('NFC')].map((character) => character.codePointAt(0) ?? 0);
    if (this.#makes && !points.every(allowedInNewPin)) {
      this.#tellEdited({ code: 'pin.symbolNotAllowed' });
      return;
    }
    if (this.#count + points.length > Math.min(this.#ask.maxLength, limits.pinBytes)) {
      this.#tellEdited({ code: 'pin.tooLong' });
      return;
    }
    for (const point of points) {
      this.#points[this.#count] = point;
      this.#count += 1;
    }
    this.#tellEdited(null);
  }

  #rules(): readonly PinRule[] {
    if (this.#ask.ask !== 'choose') return [];
    const longEnough = this.#count >= this.#ask.minLength;
    return [
      { id: 'length', state: longEnough ? 'met' : 'open' },
      { id: 'notGuessable', state: !longEnough ? 'open' : isGuessable(this.#typed) ? 'broken' : 'met' },
    ];
  }

  #ready(): boolean {
    return this.#count >= this.#ask.minLength && this.#rules().every((rule) => rule.state === 'met');
  }

  #tellEdited(notice: PinNotice | null): void {
    const guessable = this.#rules().some((rule) => rule.state === 'broken');
    this.#tell({
      type: 'pinFact.edited',
      count: this.#count,
      rules: this.#rules(),
      ready: this.#ready(),
      notice: notice ?? (guessable ? { code: 'pin.guessable' } : null),
    });
  }

  #submit(): void {
    if (this.#count < this.#ask.minLength) {
      this.#tellEdited({ code: 'pin.tooShort' });
      return;
    }
    if (!this.#ready()) {
      this.#tellEdited(null);
      return;
    }
    const bytes = encodeUtf8(this.#points.subarray(0, this.#count));
    const compared = this.#ask.compare ? this.#equals(bytes, this.#ask.compare) : null;
    if (this.#ask.ask === 'again' && compared === false) return this.#refuse(bytes, 'pin.differs');
    if (this.#ask.ask === 'choose' && compared === true) return this.#refuse(bytes, 'pin.sameAsOld');
    this.stop();
    this.#tell({ type: 'pinFact.entered', pin: this.#cells.put(bytes).ticket });
  }

  #refuse(bytes: Uint8Array, code: PinNotice['code']): void {
    bytes.fill(0);
    this.stop();
    this.#tell({ type: 'pinFact.refused', notice: { code } });
  }

  #equals(bytes: Uint8Array, ticket: SecretTicket): boolean {
    return this.#cells.get(ticket).lend((other) => {
      let difference = bytes.length ^ other.length;
      for (let index = 0; index < bytes.length; index += 1) difference |= (bytes[index] ?? 0) ^ (other[index] ?? 0);
      return difference === 0;
    });
  }
}

/** UTF-8 without passing through a string, which could not be wiped. */
function encodeUtf8(points: Uint32Array): Uint8Array {
  const bytes: number[] = [];
  for (const point of points) {
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  }
  const encoded = Uint8Array.from(bytes);
  bytes.fill(0);
  return encoded;
}
