// What is known of the desk before the machine is looked at.
import type { WallName, WallSeen } from '../../../contract/walls.ts';

export interface DeskOnMachine {
  /** The executable that runs. */
  readonly program: string;
  /** Whether it is the packaged desk, and not Node or an Electron of a working copy. */
  readonly packaged: boolean;
  /** Folders and files that nobody but an administrator may change: program, archive, settings. */
  readonly guarded: readonly string[];
  readonly keyService: string | null;
  /** Names of the fuses that stand otherwise than at a desk; null when there are none to read. */
  fusesOtherwise(): Promise<readonly string[] | null>;
}

/** What of a wall is missing, in the system's own names; none when it stands. */
export type LookAtWall = () => Promise<readonly string[]>;

/** Looks at one wall; what can't be read is said, and stops no other look. */
export async function lookAt(wall: WallName, look: LookAtWall): Promise<WallSeen> {
  try {
    const shown = await look();
    return { wall, standing: shown.length === 0 ? 'stands' : 'missing', shown };
  } catch (error) {
    const shown = error instanceof Error && 'path' in error && typeof error.path === 'string' ? [error.path] : [];
    return { wall, standing: 'unseen', shown };
  }
}

export async function lookAtFuses(desk: DeskOnMachine): Promise<WallSeen> {
  const otherwise = desk.packaged ? await desk.fusesOtherwise().catch(() => null) : null;
  if (otherwise === null) return { wall: 'fuses', standing: 'unseen', shown: [desk.program] };
  return { wall: 'fuses', standing: otherwise.length === 0 ? 'stands' : 'missing', shown: otherwise };
}
