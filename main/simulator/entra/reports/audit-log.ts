// The directory's audit log (Microsoft Graph: directoryAudit; Entra "Audit log activities" for the names). Entries take
// their time to appear.
import { randomGuid, type RandomBytes } from '../directory/random-text.ts';
import { Recent } from '../recent.ts';

export type AuditActivity =
  | 'Add Passkey (device-bound)'
  | 'Delete Passkey (device-bound)'
  | 'Add passwordless phone sign-in credential'
  | 'User registered security info'
  | 'User started security info registration'
  | 'User cancelled security info registration'
  | 'User deleted security info'
  | 'User changed default security info'
  | 'Admin registered security info'
  | 'Admin updated security info'
  | 'Admin deleted security info'
  | 'Authentication Methods Policy Update';

export interface AuditPerson {
  readonly objectId: string;
  readonly upn: string;
  readonly displayName: string;
}

/** Who did it; `address`: from where, when it is known. */
export type AuditActor =
  | { readonly kind: 'user'; readonly user: AuditPerson; readonly address: string | null }
  | { readonly kind: 'app'; readonly appId: string; readonly displayName: string };

export interface AuditEntry {
  readonly id: string;
  readonly atMs: number;
  readonly visibleFromNowMs: number;
  readonly activity: AuditActivity;
  readonly actor: AuditActor;
  readonly target: AuditPerson | null;
  readonly result: 'success' | 'failure';
  readonly resultReason: string;
  readonly details: readonly { readonly key: string; readonly value: string }[];
  readonly correlationId: string;
}

export interface AuditNote {
  readonly activity: AuditActivity;
  readonly actor: AuditActor;
  readonly target?: AuditPerson;
  readonly result?: 'success' | 'failure';
  readonly resultReason?: string;
  readonly details?: AuditEntry['details'];
}

interface AuditTime {
  wallMs(): number;
  nowMs(): number;
}

const ENTRIES_KEPT = 5_000;

export class AuditLog {
  readonly #time: AuditTime;
  readonly #randomBytes: RandomBytes;
  readonly #entries = new Recent<AuditEntry>(ENTRIES_KEPT);
  /** How long an entry stays out of the log. */
  lagMs = 0;

  constructor(time: AuditTime, randomBytes: RandomBytes) {
    this.#time = time;
    this.#randomBytes = randomBytes;
  }

  clear(): void {
    this.#entries.clear();
    this.lagMs = 0;
  }

  add({ activity, actor, target, result, resultReason, details }: AuditNote): void {
    this.#entries.add({
      id: `Directory_${randomGuid(this.#randomBytes)}`,
      atMs: this.#time.wallMs(),
      visibleFromNowMs: this.#time.nowMs() + this.lagMs,
      activity,
      actor,
      target: target ?? null,
      result: result ?? 'success',
      resultReason: resultReason ?? '',
      details: details ?? [],
      correlationId: randomGuid(this.#randomBytes),
    });
  }

  all(): readonly AuditEntry[] {
    return this.#entries.all();
  }

  /** What the log shows by now, newest first. */
  shown(): readonly AuditEntry[] {
    const nowMs = this.#time.nowMs();
    return this.#entries
      .all()
      .filter(({ visibleFromNowMs }) => visibleFromNowMs <= nowMs)
      .toReversed();
  }
}
