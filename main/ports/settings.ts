import type { Cloud } from '../../contract/clouds.ts';
import type { Reason } from '../../contract/reason.ts';
import type { RegistrationRoute, World } from '../../contract/snapshot.ts';
import type { PersonalDataRule } from './journal.ts';

/** FIDO Metadata Service 3.1.1 §3.1.4, from least to most. */
export type CertificationLevel = 'certified' | 'L1' | 'L1plus' | 'L2' | 'L2plus' | 'L3' | 'L3plus';

/** Which keys get a PIN at this desk, and where its knowledge of models comes from. */
export interface TrustSettings {
  /** AAGUIDs in lower case. When there are any, no other model is taken. */
  readonly allowedKeyModels: readonly string[];
  readonly refusedKeyModels: readonly string[];
  readonly requireAttestation: boolean;
  readonly requireMetadata: boolean;
  readonly leastCertification: CertificationLevel | null;
  readonly freshKeysOnly: boolean;
  /** A FIDO metadata BLOB that an administrator has put on this machine: an absolute path. */
  readonly metadataFile: string | null;
  /** Where the desk may fetch it; null: nowhere. */
  readonly metadataUrl: string | null;
  /** Days for which metadata still counts after the day on which the next one was due. */
  readonly metadataGraceDays: number;
}

/** What is written down, how long it is kept, and where it is told that it was. */
export interface JournalSettings {
  readonly journalPersonalData: PersonalDataRule;
  /** A file of the journal is sealed when it has as much text or is as old. */
  readonly journalFileMib: number;
  readonly journalFileDays: number;
  /** How long sealed files are kept; null: for ever. */
  readonly journalKeepDays: number | null;
  /** Where the journal's head is kept as well: an absolute path; null: beside the journal's folder. */
  readonly journalHeadFile: string | null;
  /** Where its head is sent, so that evidence lies off this machine; null: nowhere. */
  readonly syslogHost: string | null;
  readonly syslogPort: number;
  readonly otlpUrl: string | null;
  /** A PEM file with the only roots that these two are trusted by: an absolute path; null: the runtime's own. */
  readonly anchorCa: string | null;
  readonly anchorEveryEntries: number;
  readonly anchorEveryMinutes: number;
}

/** Read once at start; every value has a default that works in the training world. */
export interface Settings extends TrustSettings, JournalSettings {
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
  /** How keys are registered here: the first that serves a person is taken. */
  readonly registrationRoutes: readonly RegistrationRoute[];
  /** Microsoft's cloud of this tenant: where `authorityHost`, `graphOrigin` and `securityInfoUrl` come from when not given. */
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string;
  readonly graphOrigin: string;
  readonly securityInfoUrl: string;
  /** Where Microsoft asks for more before it lets anybody on: addresses without a query, each with everything below it. */
  readonly interruptPages: readonly string[];
  /** Whether the desk has been granted the right to delete the person's own pass. */
  readonly mayDeletePass: boolean;
  /** The application technicians sign in with; null: none do at this desk. */
  readonly technicianClientId: string | null;
  /** The application the desk itself signs in with, by certificate; null: it does not. */
  readonly stationClientId: string | null;
  /** PEM files of the station's certificate and of its private key: absolute paths. */
  readonly stationCertificate: string | null;
  readonly stationKey: string | null;
  /** Answers the address from which it is asked; null: nobody tells the desk its place. */
  readonly placeUrl: string | null;
  /** The company's beacon, which answers with its signature from where it sees the desk; null: there is none. */
  readonly beaconUrl: string | null;
  /** Ed25519 public keys the beacon may sign with: the `x` of their JWK, base64url (RFC 8037 §2). */
  readonly beaconKeys: readonly string[];
  /** CIDR ranges from which this desk may be seen; empty: from anywhere. */
  readonly networkRanges: readonly string[];
  /** Hardware addresses of the default gateways this desk may stand behind; empty: any. */
  readonly gateways: readonly string[];
  /** Whether setting up Microsoft Authenticator is part of the journey. */
  readonly wantedPhone: boolean;
  /** Whether Authenticator becomes the second factor that is asked for first, in the place of an older one. */
  readonly preferAuthenticator: boolean;
  /** Whether rules on registering security information are taken to reach registrations through Graph; Microsoft does not say. */
  readonly registrationRulesCoverGraph: boolean;
  /** Where this machine's key service listens; null: the desk starts a key host of its own. */
  readonly keyService: string | null;
  /** Whether the field stays closed on a machine whose operating system's walls are not all there. */
  readonly requireLockedDown: boolean;
}

/** Where a value comes from: what an administrator's policy says counts more than the file, and the file more than defaults. */
export type SettingsSource = 'managed' | 'file' | 'default';

/** What a signed file says of itself. Times are epoch milliseconds. */
export interface SettingsSeal {
  /** Never falls at one desk. */
  readonly version: number;
  /** Of the pinned keys that have signed. */
  readonly keyIds: readonly string[];
  readonly issuedAtMs: number;
  readonly notAfterMs: number;
  /** `notAfterMs` and the days of grace. After that the desk closes. */
  readonly servesUntilMs: number;
}

/** How the desk's settings came to be. */
export interface SettingsStanding {
  readonly sources: Readonly<Record<keyof Settings, SettingsSource>>;
  /** Null: no signed file is in use. */
  readonly seal: SettingsSeal | null;
  /** What was found is not used, because of this; the last good settings are. Null: what was found is in use. */
  readonly refused: Reason | null;
}
