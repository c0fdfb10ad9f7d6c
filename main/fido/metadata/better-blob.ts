// Whether a metadata BLOB takes the place of the one in use. A desk never goes back: what it has stays until something
// newer is believed. Source: FIDO Metadata Service 3.1.1 §3.2 (the number must not go backwards).
import type { BlobFault, BlobVerdict, MetadataBlob } from './metadata-blob.ts';
import type { MetadataInUse } from './trust.ts';

export type BlobRefusal =
  | BlobFault
  /** Believed, but older than the one in use. */
  | { readonly kind: 'older'; readonly no: number; readonly currentNo: number };

export type BlobOffer =
  | { readonly kind: 'taken'; readonly blob: MetadataBlob }
  /** The one in use again. */
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly why: BlobRefusal };

export function offerBlob(current: MetadataBlob | null, offered: BlobVerdict): BlobOffer {
  if (!offered.ok) return { kind: 'refused', why: offered.fault };
  const { blob } = offered;
  if (current === null || blob.no > current.no) return { kind: 'taken', blob };
  if (blob.no === current.no) return { kind: 'same' };
  return { kind: 'refused', why: { kind: 'older', no: blob.no, currentNo: current.no } };
}

const dayMs = 86_400_000;

/** The metadata at a moment: stale once its successor has been due for longer than the desk allows. */
export function metadataAt(blob: MetadataBlob, wallMs: number, graceDays: number): MetadataInUse {
  return { blob, stale: wallMs > blob.nextUpdateMs + graceDays * dayMs };
}

/** Whether its successor is due. */
export function isUpdateDue(blob: MetadataBlob, wallMs: number): boolean {
  return wallMs >= blob.nextUpdateMs;
}
