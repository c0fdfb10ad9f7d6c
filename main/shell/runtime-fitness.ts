// Whether this Electron may serve real people. An old one has known holes, so the field world does not start on it.
import path from 'node:path';
import type { World } from '../../contract/snapshot.ts';

// Electron supports its latest three major versions (Electron: "Electron Releases", support policy); 45 is in package.json.
const oldestSupportedMajor = 43;
/** Lies beside the executable of a runtime that the set-up marked as good for training only. */
const trainingRuntimeMarker = 'firstkey-training-runtime';

export interface RuntimeSurroundings {
  readonly execPath: string;
  /** `45.4.1` */
  readonly electronVersion: string | undefined;
  exists(file: string): boolean;
}

/** Why this world must not run here, in words for a technician; null when it may. */
export function runtimeProblem(world: World, surroundings: RuntimeSurroundings): string | null {
  // Rehearsal holds a real key, but a practice account: nothing a hole could give away.
  if (world !== 'field') return null;
  if (surroundings.exists(path.join(path.dirname(surroundings.execPath), trainingRuntimeMarker))) {
    return 'this Electron is for training only. Install the Firstkey package, or let Electron be downloaded from its own releases.';
  }
  const major = Number.parseInt(surroundings.electronVersion ?? '', 10);
  if (!(major >= oldestSupportedMajor)) {
    return `Electron ${surroundings.electronVersion ?? 'of unknown version'} is out of support and has known security holes; the field world needs ${oldestSupportedMajor} or newer.`;
  }
  return null;
}
