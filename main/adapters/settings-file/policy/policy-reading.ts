// What a system's managed policy says. It is believed because only administrators can write it there; each reader makes sure of
// that where the system does not.
import type { Layer } from '../settings-layer.ts';
import type { SettingsProblem } from '../settings-problem.ts';

export type PolicyReading =
  | { readonly ok: true; readonly layer: Layer }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

export const noPolicy: PolicyReading = { ok: true, layer: new Map() };

export function policyUnreadable(where: string, says: string): PolicyReading {
  return { ok: false, problems: [{ code: 'policyUnreadable', where, place: null, path: '', says }] };
}

/** A program of the system, by its whole path and never through a shell. */
export interface SystemProgram {
  readonly program: string;
  readonly words: readonly string[];
  readonly input?: Uint8Array;
}

export interface ProgramEnd {
  readonly exitCode: number;
  readonly output: Uint8Array;
}

/** Null when it could not be started or did not end in time. */
export type RunProgram = (asked: SystemProgram) => ProgramEnd | null;
