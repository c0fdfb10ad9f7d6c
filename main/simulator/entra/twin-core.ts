// What the twin's hosts share: the tenant, its memory and the server's keys.
import type { Directory, ServerTime } from './directory/directory.ts';
import type { PhoneService } from './directory/phone-service.ts';
import type { RandomBytes } from './directory/random-text.ts';
import type { SignIns } from './directory/sign-ins.ts';
import type { RefusalRecord } from './stage.ts';
import type { AccessRules } from './policies/access-rules.ts';
import type { Place } from './policies/place.ts';
import type { AuditLog } from './reports/audit-log.ts';
import type { PageFont } from './pages/page-font.ts';
import type { TenantFacts } from './tenant-facts.ts';
import type { TwinKeys } from './twin-keys.ts';

export interface TwinCore {
  readonly tenant: TenantFacts;
  readonly time: ServerTime;
  readonly randomBytes: RandomBytes;
  readonly directory: Directory;
  readonly signIns: SignIns;
  readonly phones: PhoneService;
  readonly accessRules: AccessRules;
  readonly audit: AuditLog;
  readonly keys: TwinKeys;
  readonly trustedAttestationRoots: readonly Uint8Array[];
  readonly modelNames: ReadonlyMap<string, string>;
  readonly fonts: readonly PageFont[];
  /** Where a request comes from. */
  placeOf(request: Request): Place;
  /** Certificates (DER) an application registration may sign with. */
  certificatesOf(clientId: string): readonly Uint8Array[];
  /** For the stage: why a registration was refused. */
  note(refusal: RefusalRecord): void;
}
