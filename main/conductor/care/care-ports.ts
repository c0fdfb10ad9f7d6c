// Everything the care conductor may ask of the outside, in one object that compose fills.
import type { ClockPort } from '../../ports/clock.ts';
import type { JournalPort } from '../../ports/journal.ts';
import type { KeyCarePort } from '../../ports/key-care.ts';
import type { KeyboardPort } from '../../ports/keyboard.ts';
import type { Settings } from '../../ports/settings.ts';

export interface CarePorts {
  readonly clock: ClockPort;
  readonly journal: JournalPort;
  readonly keyboard: KeyboardPort;
  readonly care: KeyCarePort;
  readonly settings: Pick<Settings, 'contact' | 'idleMs' | 'minPinLength'>;
  /** Something that must not happen did: the crash guard's business. */
  readonly onBug: (bug: unknown) => void;
}

/** How long each kind of call may take, milliseconds. */
export const careDeadlines = {
  inspectMs: 10_000,
  /** A touch, and many accounts or fingers to be told one by one. */
  performMs: 60_000,
  /** Five touches or more, by somebody who learns how while they do it. */
  teachMs: 180_000,
  /** The key's own window is ten seconds and its wait for a finger thirty; comparing and wiping take the rest. */
  eraseMs: 60_000,
} as const;
