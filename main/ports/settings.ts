import type { World } from '../../contract/snapshot.ts';

/** Read once at start; every value has a default that works in the training world. */
export interface Settings {
  /** What the desk is connected to; the command line may ask for training, never for the field. */
  readonly world: World;
  readonly contact: string;
  /** Whether the ports of this desk are lit; words promise a light only then. */
  readonly litPorts: boolean;
  readonly idleMs: number;
  /** Idle time where the person is busy with a phone or with Microsoft's page. */
  readonly idleAwayMs: number;
  readonly registrationRpId: string;
  readonly minPinLength: number;
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string;
  readonly graphOrigin: string;
  readonly securityInfoUrl: string;
  /** Whether the desk has been granted the right to delete the person's own pass. */
  readonly mayDeletePass: boolean;
}

export interface SettingsPort {
  readonly settings: Settings;
}
