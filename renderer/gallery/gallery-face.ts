import type { CareIntent } from '../../contract/care.ts';
import type { Intent } from '../../contract/intent.ts';
import type { Look } from '../../contract/snapshot.ts';

/** What the gallery page puts on its window for tests. */
export interface Gallery {
  readonly names: readonly string[];
  /** Those of the key care page. */
  readonly careNames: readonly string[];
  /** Those of the doctor's page. */
  readonly doctorNames: readonly string[];
  /** What the shown screen said, oldest first. */
  readonly said: Intent[];
  /** The same of the key care page. */
  readonly careSaid: CareIntent[];
  /** Shows a screen; a new visit each time, so that nothing of the one before is left. */
  show(name: string, look: Partial<Look>): void;
  /** Shows the next picture to the same screen, as the desk does while somebody is at it. */
  follow(name: string, look: Partial<Look>): void;
  /** What may be said on a screen. */
  allowedOn(name: string): readonly Intent['type'][];
}

declare global {
  interface Window {
    readonly gallery: Gallery;
  }
}
