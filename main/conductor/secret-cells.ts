// Where PINs live while they are needed: in bytes that can be wiped, outside every state.
import type { Secret, SecretTicket } from '../ports/secret.ts';

class SecretCell implements Secret {
  readonly ticket: SecretTicket;
  readonly #bytes: Uint8Array;
  #wiped = false;

  constructor(ticket: SecretTicket, bytes: Uint8Array) {
    this.ticket = ticket;
    this.#bytes = bytes;
  }

  lend<T>(use: (bytes: Uint8Array) => T): T {
    if (this.#wiped) throw new Error('a wiped secret was asked for');
    return use(this.#bytes);
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  get [Symbol.toStringTag](): string {
    return 'secret';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** All secrets of the stay, by ticket. */
export class SecretCells {
  readonly #cells = new Map<number, Secret>();
  #next = 1;

  /** Takes over `bytes`: the caller must not keep or read them afterwards. */
  put(bytes: Uint8Array): Secret {
    const cell = new SecretCell({ secret: this.#next }, bytes);
    this.#next += 1;
    this.#cells.set(cell.ticket.secret, cell);
    return cell;
  }

  /** The secret behind a ticket; a ticket of a wiped secret is a bug. */
  get(ticket: SecretTicket): Secret {
    const cell = this.#cells.get(ticket.secret);
    if (!cell) throw new Error('no secret stands behind this ticket');
    return cell;
  }

  /** Wipes every secret that no state names any more. */
  keepOnly(tickets: readonly (SecretTicket | null)[]): void {
    const kept = new Set(tickets.map((ticket) => ticket?.secret));
    for (const [number, cell] of this.#cells) {
      if (kept.has(number)) continue;
      cell.wipe();
      this.#cells.delete(number);
    }
  }

  get count(): number {
    return this.#cells.size;
  }
}
