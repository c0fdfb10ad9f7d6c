// Whom this host trusts with a PIN: the policy it was started with, and the metadata that the desk keeps beside it.
import { metadataAt } from '../../fido/metadata/better-blob.ts';
import { readMetadataBlob, type MetadataBlob } from '../../fido/metadata/metadata-blob.ts';
import type { TrustCircumstances, TrustPolicy } from '../../fido/metadata/trust.ts';
import type { KeyHostStart } from '../life-protocol.ts';

/** A metadata BLOB as the desk kept it, and when it was believed, in epoch milliseconds; null when there is none to be read. */
type ReadKept = (file: string) => Promise<{ readonly text: string; readonly believedMs: number } | null>;

/** Where a host's trust comes from, beside its start. */
export interface TrustSources {
  readonly readKept: ReadKept;
  /** Epoch milliseconds. */
  readonly wallMs: () => number;
  /** DER; the metadata service's own unless a test brings others. */
  readonly roots?: readonly Uint8Array[];
}

/** What a host without a word from its desk asks of a key. */
const nothing: TrustPolicy = {
  allowedKeyModels: [],
  refusedKeyModels: [],
  requireAttestation: false,
  requireMetadata: false,
  leastCertification: null,
  freshKeysOnly: false,
};

export class HostTrust {
  readonly #start: Pick<KeyHostStart, 'trust' | 'metadata'>;
  readonly #sources: TrustSources;
  #text: string | null = null;
  #blob: MetadataBlob | null = null;

  constructor(start: Pick<KeyHostStart, 'trust' | 'metadata'>, sources: TrustSources) {
    this.#start = start;
    this.#sources = sources;
  }

  /** As things stand now. */
  readonly circumstances = (): TrustCircumstances => {
    const nowMs = this.#sources.wallMs();
    return {
      policy: this.#start.trust ?? nothing,
      metadata: this.#blob && metadataAt(this.#blob, nowMs, this.#start.metadata?.graceDays ?? 0),
      wallMs: nowMs,
    };
  };

  /** Looks whether the desk keeps other metadata than before. What can't be read or believed leaves what was there. */
  async refresh(): Promise<void> {
    const { readKept, wallMs, roots } = this.#sources;
    if (this.#start.metadata === undefined) return;
    const kept = await readKept(this.#start.metadata.keptFile);
    if (kept === null || kept.text === this.#text) return;
    const verdict = readMetadataBlob(kept.text, { wallMs: Math.min(kept.believedMs, wallMs()), ...(roots && { roots }) });
    if (!verdict.ok || (this.#blob !== null && verdict.blob.no < this.#blob.no)) return;
    this.#text = kept.text;
    this.#blob = verdict.blob;
  }
}
