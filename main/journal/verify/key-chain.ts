// Which keys are the desk's: the one that began the journal, and every other that a seal names. Each file has a key of its own,
// and the one before is destroyed, so that nobody can write an entry of a sealed file any more.
import { hashOf, isLineOf, readLine, type JournalLine } from '../line.ts';
import { readPublicKey, type PublicKey } from '../signing-key.ts';
import type { Lineage } from './verdict.ts';

/** A seal, with the two keys that it names. */
interface Seal {
  readonly text: string;
  readonly line: JournalLine;
  readonly own: PublicKey;
  readonly next: PublicKey;
}

export class KeyChain {
  readonly #named = new Map<string, PublicKey>();
  readonly #seals: Seal[] = [];
  /** First lines of files: what they follow, by the key that signed them. */
  readonly #begun: { readonly line: JournalLine; readonly own: PublicKey }[] = [];

  readonly #claimed = new Set<string>();

  /** Takes what a line says of keys; nothing is believed yet. */
  note(text: string, line: JournalLine): void {
    this.#claimed.add(line.key);
    const { event, publicKey, nextPublicKey, seal } = line.body;
    if (event === 'journal.begun' && typeof seal === 'string') {
      const copied = readLine(seal);
      if (copied?.body.event === 'journal.sealed') this.note(seal, copied);
    }
    const own = typeof publicKey === 'string' ? readPublicKey(publicKey) : null;
    if (own === null || own.id !== line.key || !isLineOf(line, own)) return;
    if (event === 'journal.begun') this.#begun.push({ line, own });
    if (event === 'journal.sealed') {
      const next = typeof nextPublicKey === 'string' ? readPublicKey(nextPublicKey) : null;
      if (next !== null) this.#seals.push({ text, line, own, next });
    }
    this.#named.set(own.id, own);
  }

  /** @param given held to be the desk's; without any, the key that the desk's id is the hash of, or else the first one here */
  trusted(
    desk: string | null,
    given: readonly PublicKey[],
  ): { readonly keys: Map<string, PublicKey>; readonly lineage: Lineage } {
    const first = desk === null ? undefined : this.#named.get(desk);
    const earliest = this.#earliest();
    const roots = given.length > 0 ? given : first === undefined ? earliest : [first];
    const keys = new Map(roots.map((key) => [key.id, key]));
    for (let before = -1; before !== keys.size;) {
      before = keys.size;
      for (const seal of this.#seals) this.#follow(seal, keys);
    }
    if (first !== undefined && keys.has(first.id)) return { keys, lineage: 'firstKey' };
    return { keys, lineage: given.length > 0 ? 'givenKey' : 'itself' };
  }

  /** Whether any line names this key, as its own or as the next. */
  names(id: string): boolean {
    return this.#claimed.has(id) || this.#seals.some(({ next }) => next.id === id);
  }

  /** A key vouches for the one that its seal names, and for the seal that its own file follows. */
  #follow({ text, line, own, next }: Seal, keys: Map<string, PublicKey>): void {
    if (keys.has(own.id)) keys.set(next.id, next);
    else if (keys.has(next.id) && this.#isFollowed(text, line, next.id)) keys.set(own.id, own);
  }

  #isFollowed(text: string, { sequence }: JournalLine, by: string): boolean {
    const hash = hashOf(text);
    return this.#begun.some(({ line, own }) => own.id === by && line.previous === hash && line.sequence === sequence + 1);
  }

  #earliest(): readonly PublicKey[] {
    const [earliest] = [...this.#begun, ...this.#seals].toSorted((a, b) => a.line.sequence - b.line.sequence);
    return earliest === undefined ? [] : [earliest.own];
  }
}
