/** A durable key-value room per world, for what must outlive a stay: settings seen, counters. Values are JSON. */
export interface StorePort {
  get(name: string): string | null;
  /** On disk when this returns. */
  put(name: string, value: string): void;
  remove(name: string): void;
}
