// The operating system's part of the lock-down: which walls there are. Kept once for who looks, who tells, and who refuses to
// work without them. docs/operations.md builds each of them.

/**
 * account: the desk runs under an account that can do nothing else. shell: the machine starts the desk and no desktop, and starts
 * it again. consoles: nothing else can be reached. machineKeys: keys that the system takes for itself do nothing. memory: what is
 * in memory stays there. keys: the desk's account can't open security keys. program: nor change the program or its settings.
 * fuses: Electron's own doors are shut. otherPrograms: nothing else is started or brought in. publicPort: what is plugged in can't
 * type.
 */
export const wallNames = [
  'account',
  'shell',
  'consoles',
  'machineKeys',
  'memory',
  'keys',
  'program',
  'fuses',
  'otherPrograms',
  'publicPort',
] as const;
export type WallName = (typeof wallNames)[number];

export interface WallSeen {
  readonly wall: WallName;
  /** `unseen`: it could not be looked at. */
  readonly standing: 'stands' | 'missing' | 'unseen';
  /** What of it is missing, or could not be read: names of files, settings and programs of the system. */
  readonly shown: readonly string[];
}

/** Not every desk has a port that can be told from the others. */
const notAsked: readonly WallName[] = ['publicPort'];

/** What keeps a desk from the field whose settings ask for a locked-down machine. What can't be seen is no wall. */
export function wallsInTheWay(seen: readonly WallSeen[]): readonly WallName[] {
  return seen.flatMap(({ wall, standing }) => (standing === 'stands' || notAsked.includes(wall) ? [] : [wall]));
}
