// What the printed card may say: nothing that opens anything.
import type { Language } from './intent.ts';
import type { DeviceAfter, PassEnd, WayIn, World } from './snapshot.ts';

export interface CardSnapshot {
  readonly world: World;
  readonly language: Language;
  readonly firstName: string | null;
  readonly ways: readonly { readonly way: WayIn; readonly atMs: number }[];
  readonly after: readonly DeviceAfter[];
  readonly pass: PassEnd;
  readonly contact: string;
}
