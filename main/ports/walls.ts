import type { WallSeen } from '../../contract/walls.ts';

export interface WallsSeen {
  /** Whether the desk's own account looked. Another one sees what is set up, and not what the desk's account may do. */
  readonly byDesk: boolean;
  /** One for each wall that this system has. */
  readonly walls: readonly WallSeen[];
}

/** What of the operating system's part is there on this machine. Reads, asks for no rights, and changes nothing. */
export interface WallsPort {
  look(): Promise<WallsSeen>;
}
