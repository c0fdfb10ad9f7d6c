// USB serial strings, and which of them name one key. A serial that two keys were seen to have at once names neither of them,
// now and later: makers that burn one into every key of a model do not say so.
import type { PluggedInterface } from './link-source.ts';

/** As long as any that is known; whatever else a key gives for one is not told to anybody. */
const printable = /^[\x21-\x7e]{1,64}$/;
/** Such as all zeros: nobody counts like that. */
const oneCharacter = /^(.)\1*$/;

export class UsbSerials {
  readonly #shared = new Set<string>();

  /** Remembers which serials are there more than once in what is plugged in now. */
  look(listed: Iterable<PluggedInterface>): void {
    const seen = new Set<string>();
    for (const plugged of listed) {
      const name = nameOf(plugged);
      if (seen.has(name)) this.#shared.add(name);
      seen.add(name);
    }
  }

  /** The serial, where it can be what this key is known by. */
  ownOf(plugged: PluggedInterface): string | undefined {
    const { serial } = plugged;
    if (serial === undefined || !printable.test(serial) || oneCharacter.test(serial)) return undefined;
    return this.#shared.has(nameOf(plugged)) ? undefined : serial;
  }
}

/** Two makers may count alike. */
function nameOf({ vendorId, productId, serial, path }: PluggedInterface): string {
  return serial === undefined ? path : JSON.stringify([vendorId, productId, serial]);
}
