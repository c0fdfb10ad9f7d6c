// A list of listeners, each with its own way out.

export interface Listeners<T> {
  /** The result takes the listener off again. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
  count(): number;
}

export function listeners<T>(): Listeners<T> {
  const all = new Set<{ readonly call: (value: T) => void }>();
  return {
    add(listener) {
      // An entry of its own per call, so that one function listening twice is two listeners.
      const entry = { call: listener };
      all.add(entry);
      return () => all.delete(entry);
    },
    tell(value) {
      for (const entry of [...all]) entry.call(value);
    },
    count: () => all.size,
  };
}
