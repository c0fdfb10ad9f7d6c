// Where the desk keeps the FIDO metadata: the last good BLOB, and the places from which a better one may come. Nothing that
// lies or arrives outside ever ends in an error here: it is refused, with a reason for the journal, and what was good stays.
import { isUpdateDue, metadataAt, offerBlob, type BlobRefusal } from '../../fido/metadata/better-blob.ts';
import { readMetadataBlob, type MetadataBlob } from '../../fido/metadata/metadata-blob.ts';
import type { MetadataInUse } from '../../fido/metadata/trust.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { TrustSettings } from '../../ports/settings.ts';
import { fetchBlob } from './fetch-blob.ts';
import { MetadataUnreadable, keepBlob, readBlobFile, readKeptBlob } from './kept-blob.ts';

export interface ShelfOptions {
  /** Where the last good BLOB is kept; folders are made when missing. */
  readonly keptFile: string;
  readonly settings: Pick<TrustSettings, 'metadataFile' | 'metadataUrl' | 'metadataGraceDays'>;
  readonly clock: ClockPort;
  /** Must take answers of 64 MB; asked only when `metadataUrl` is set. */
  readonly http: HttpPort;
  /** DER; the service's own unless a test brings others. */
  readonly roots?: readonly Uint8Array[];
}

/** What a place had and the desk did not take. */
export interface MetadataTrouble {
  /** `kept`: the desk's own copy; `file`: the administrator's; `service`: fetched. */
  readonly from: 'kept' | 'file' | 'service';
  readonly why:
    | BlobRefusal
    /** The system's code, such as `ENOENT` or `EACCES`. */
    | { readonly kind: 'unreadable'; readonly code: string }
    | { readonly kind: 'unreachable' }
    | { readonly kind: 'late' }
    | { readonly kind: 'status'; readonly status: number }
    /** In use, but it could not be written down: the next start will not have it. */
    | { readonly kind: 'notKept'; readonly code: string };
}

const fetchDeadlineMs = 120_000;
/** After a fetch, however it ended. */
const fetchPauseMs = 60 * 60_000;

export class MetadataShelf {
  readonly #options: ShelfOptions;
  #current: { readonly blob: MetadataBlob; readonly text: string } | null = null;
  #refreshing: Promise<readonly MetadataTrouble[]> | null = null;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Takes what was kept and what the administrator's file has; asks no network. */
  static async open(
    options: ShelfOptions,
  ): Promise<{ readonly shelf: MetadataShelf; readonly troubles: readonly MetadataTrouble[] }> {
    const shelf = new MetadataShelf(options);
    const troubles = [...(await shelf.#takeKept()), ...(await shelf.#takeFile())];
    return { shelf, troubles };
  }

  /** The metadata in use now; null when the desk has none. */
  get inUse(): MetadataInUse | null {
    const { clock, settings } = this.#options;
    return this.#current && metadataAt(this.#current.blob, clock.wallMs(), settings.metadataGraceDays);
  }

  /** The same as it was signed, for a process that wants to verify it itself. */
  get signedText(): string | null {
    return this.#current?.text ?? null;
  }

  /**
   * Looks at the administrator's file again, and asks the service where the settings allow it, an update is due, and it was
   * not asked within the hour. Calls while one is under way share its end. @throws the signal's reason when it aborts.
   */
  refresh(signal: AbortSignal): Promise<readonly MetadataTrouble[]> {
    this.#refreshing ??= this.#refresh(signal).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(signal: AbortSignal): Promise<readonly MetadataTrouble[]> {
    return [...(await this.#takeFile()), ...(await this.#takeFromService(signal))];
  }

  async #takeKept(): Promise<readonly MetadataTrouble[]> {
    return reading('kept', async () => {
      const kept = await readKeptBlob(this.#options.keptFile);
      return kept === null ? [] : this.#take('kept', kept.text, kept.believedMs);
    });
  }

  async #takeFile(): Promise<readonly MetadataTrouble[]> {
    const { metadataFile } = this.#options.settings;
    if (metadataFile === null) return [];
    return reading('file', async () => this.#take('file', await readBlobFile(metadataFile)));
  }

  async #takeFromService(signal: AbortSignal): Promise<readonly MetadataTrouble[]> {
    const { clock, http, settings } = this.#options;
    const { metadataUrl: url } = settings;
    const due = this.#current === null || isUpdateDue(this.#current.blob, clock.wallMs());
    if (url === null || !due || clock.nowMs() - this.#fetchedAtMs < fetchPauseMs) return [];
    const fetched = await fetchBlob({ http, clock, url, deadlineMs: fetchDeadlineMs, signal });
    this.#fetchedAtMs = clock.nowMs();
    return fetched.kind === 'text' ? this.#take('service', fetched.text) : [{ from: 'service', why: fetched }];
  }

  async #take(from: MetadataTrouble['from'], text: string, believedMs?: number): Promise<readonly MetadataTrouble[]> {
    const nowMs = this.#options.clock.wallMs();
    if (text === this.#current?.text) return [];
    const { roots } = this.#options;
    const wallMs = Math.min(believedMs ?? nowMs, nowMs);
    const offer = offerBlob(this.#current?.blob ?? null, readMetadataBlob(text, { wallMs, ...(roots && { roots }) }));
    if (offer.kind === 'refused') return [{ from, why: offer.why }];
    if (offer.kind === 'same') return [];
    this.#current = { blob: offer.blob, text };
    return from === 'kept' ? [] : this.#keep(from, text, wallMs);
  }

  async #keep(from: MetadataTrouble['from'], text: string, believedMs: number): Promise<readonly MetadataTrouble[]> {
    try {
      await keepBlob(this.#options.keptFile, { text, believedMs });
      return [];
    } catch (error) {
      if (error instanceof MetadataUnreadable) return [{ from, why: { kind: 'notKept', code: error.code } }];
      throw error;
    }
  }
}

async function reading(
  from: MetadataTrouble['from'],
  read: () => Promise<readonly MetadataTrouble[]>,
): Promise<readonly MetadataTrouble[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MetadataUnreadable) return [{ from, why: { kind: 'unreadable', code: error.code } }];
    throw error;
  }
}
