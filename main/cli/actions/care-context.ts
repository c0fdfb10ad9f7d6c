// What every command works with.
import type { ClockPort } from '../../ports/clock.ts';
import type { Ceremony } from '../../ports/key.ts';
import type { KeyCarePort } from '../../ports/key-care.ts';
import type { KeysOptions } from '../command.ts';
import { stepOf, type KeyStep } from '../key-step.ts';
import type { Terminal } from '../terminal.ts';
import type { PluggedKeys } from './plugged-keys.ts';

export interface CareContext {
  readonly port: KeyCarePort;
  readonly plugged: PluggedKeys;
  readonly clock: ClockPort;
  readonly terminal: Terminal;
  readonly options: KeysOptions;
  /** Code points; the desk's own rule for new PINs. A key may want more. */
  readonly minPinLength: number;
  readonly onStep: (step: KeyStep) => void;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
}

/** How long a key may take. `work`: slow ones think eight seconds about each of several questions. `hands`: somebody touches. */
export const deadlinesMs = { work: 60_000, hands: 60_000, plugging: 60_000, enrolment: 180_000 } as const;

/** A ceremony whose progress is told as steps. */
export function ceremonyOf({ signal, onStep }: CareContext, deadlineMs: number): Ceremony {
  return { signal, deadlineMs, onProgress: (progress) => onStep(stepOf(progress)) };
}
