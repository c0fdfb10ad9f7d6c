// What a desk is opened with.
import type { World } from '../../contract/snapshot.ts';
import type { SettingsVerdict } from '../adapters/settings-file/read-settings.ts';
import type { Secret } from '../ports/secret.ts';
import type { Settings } from '../ports/settings.ts';
import type { DeskFace, WindowSize } from '../shell/shell.ts';

export interface DeskParts {
  readonly world: World;
  readonly settings: Settings;
  /** How the settings came to be. Refused: the desk shows why, and serves nobody. */
  readonly found: SettingsVerdict;
  /** The built application: `main/`, `preload/`, `renderer/`. */
  readonly buildFolder: string;
  /** Each world keeps its own store in here. */
  readonly dataFolder: string;
  readonly version: string;
  readonly frame: WindowSize | null;
  /** The kiosk, the key care page, or the doctor's. */
  readonly face: DeskFace;
  /** What gives the right to take care of keys, for the key care page; null for the others, which have no such right. */
  readonly careToken: Secret | null;
  /** Runs once, when the first screen has been drawn. */
  readonly onReady: () => void;
  readonly onBug: (bug: unknown) => void;
  /** Something outside misbehaved and was dealt with; for the desk's log, without anything of a person. */
  readonly onTrouble: (trouble: string) => void;
}
