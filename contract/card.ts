// What the printed card may say: nothing that opens anything.
import type { Device, Language } from './intent.ts';
import type { PassEnd, WayIn, World } from './snapshot.ts';

export interface CardSnapshot {
  readonly world: World;
  readonly language: Language;
  readonly firstName: string | null;
  readonly ways: readonly { readonly way: WayIn; readonly atMs: number }[];
  readonly devices: readonly Device[];
  readonly pass: PassEnd;
  readonly contact: string;
}
