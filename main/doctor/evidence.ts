// Everything the doctor was told, before anybody judges it. Null: it was not asked, because the settings give nothing to ask
// with or nobody wanted it.
import type { Reason } from '../../contract/reason.ts';
import type { World } from '../../contract/snapshot.ts';
import type { KeyDescription } from '../ports/key.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { Settings, SettingsStanding } from '../ports/settings.ts';
import type { WallsSeen } from '../ports/walls.ts';
import type { DeskPlace, PersonStanding, TenantRules, WhatIfResult } from '../ports/tenant.ts';

/** What the station's token is good for. */
export interface Rights {
  /** Names of permissions of Microsoft Graph. */
  readonly permissions: readonly string[];
  /** Template ids of directory roles. */
  readonly roles: readonly string[];
}

export type KeysSeen =
  /** `shut`: why some that are plugged in could not be opened. */
  | { readonly seen: 'keys'; readonly keys: readonly KeyDescription[]; readonly shut: readonly Reason[] }
  /** Nobody could look at any. */
  | { readonly seen: 'nothing'; readonly reason: Reason };

export interface MetadataSeen {
  /** When its successor was or is due. */
  readonly nextUpdateMs: number;
  /** Past the grace that the settings give. */
  readonly stale: boolean;
  /** AAGUIDs, lower case. */
  readonly models: readonly string[];
}

export interface JournalSeen {
  /** What is broken in the newest file, one word or two each; null: it can't be read here. */
  readonly breaks: readonly string[] | null;
  /** Where its head is sent by the settings. `trouble`: why nothing arrives; null: it does. */
  readonly anchors: readonly { readonly to: string; readonly trouble: string | null }[];
}

export interface HostSeen {
  readonly host: string;
  /** Null: it answered. */
  readonly reason: Reason | null;
}

/** What the doctor needs of the settings. */
export type DoctorSettings = Pick<
  Settings,
  | 'cloud'
  | 'tenantId'
  | 'clientId'
  | 'authorityHost'
  | 'graphOrigin'
  | 'securityInfoUrl'
  | 'registrationRoutes'
  | 'registrationRulesCoverGraph'
  | 'technicianClientId'
  | 'stationClientId'
  | 'contact'
  | 'wantedPhone'
  | 'allowedKeyModels'
  | 'requireAttestation'
  | 'requireMetadata'
  | 'leastCertification'
  | 'metadataFile'
  | 'metadataUrl'
  | 'requireLockedDown'
>;

export interface DeskEvidence {
  readonly world: World;
  readonly atMs: number;
  readonly settings: DoctorSettings;
  /** The machine's own name. */
  readonly machine: string;
  /** How the settings came to be. */
  readonly standing: Pick<SettingsStanding, 'seal' | 'refused' | 'sources'>;
  readonly rules: Outcome<TenantRules> | null;
  readonly rights: Outcome<Rights> | null;
  /** When the station's certificate ends, or why it can't be used. */
  readonly station: Outcome<{ readonly endsAtMs: number }> | null;
  readonly place: Outcome<DeskPlace> | null;
  /** `whatIf` is null where it could not be asked for want of the person or the place. */
  readonly person: {
    readonly standing: Outcome<PersonStanding>;
    readonly whatIf: Outcome<readonly WhatIfResult[]> | null;
  } | null;
  readonly hosts: readonly HostSeen[];
  readonly keys: KeysSeen;
  /** Null: this world stands behind none. */
  readonly walls: WallsSeen | null;
  /** `notUsed`: this world trusts keys that no list knows. */
  readonly metadata: MetadataSeen | null | 'notUsed';
  /** Null: practice is nobody's evidence. */
  readonly journal: JournalSeen | null;
}
