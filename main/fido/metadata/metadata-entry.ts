// One model in the FIDO Metadata Service, as far as a desk needs it. Read tolerantly: makers fill entries in by hand.
// Source: FIDO Metadata Service 3.1.1 §3.1.1 (MetadataBLOBPayloadEntry), §3.1.3 (StatusReport); FIDO Metadata Statement 3.1 §4.
import { Base64Error, decodeBase64Lenient } from '../bytes/base64url.ts';
import { asJsonArray, asJsonObject, countOf, dateOf, textOf, textsOf, type JsonObject } from './json-fields.ts';

export interface StatusReport {
  /** As the service writes it; kept even when it is not known here. */
  readonly status: string;
  /** Epoch milliseconds; null: in force as long as it stands there. */
  readonly effectiveMs: number | null;
  /** Firmware the report is about. */
  readonly authenticatorVersion: number | null;
}

export interface MetadataEntry {
  /** Lower-case UUID. */
  readonly aaguid: string;
  readonly description: string | null;
  /** DER. Certificates that attestations of this model must lead to. */
  readonly attestationRoots: readonly Uint8Array[];
  /** Such as `basic_full` and `basic_surrogate`. */
  readonly attestationTypes: readonly string[];
  /** Such as `usb`, `nfc`, `ble`. */
  readonly transports: readonly string[];
  /** Firmware the statement describes. */
  readonly authenticatorVersion: number | null;
  readonly reports: readonly StatusReport[];
}

const aaguidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Null for what is no FIDO2 model: other protocols' entries, and entries that can't be told apart. */
export function readMetadataEntry(value: unknown): MetadataEntry | null {
  const entry = asJsonObject(value);
  const aaguid = textOf(entry?.['aaguid'])?.toLowerCase();
  if (entry === null || aaguid === undefined || !aaguidForm.test(aaguid)) return null;
  const statement: JsonObject = asJsonObject(entry['metadataStatement']) ?? {};
  const info = asJsonObject(statement['authenticatorGetInfo']);
  return {
    aaguid,
    description: textOf(statement['description']),
    attestationRoots: textsOf(statement['attestationRootCertificates']).flatMap(derOf),
    attestationTypes: textsOf(statement['attestationTypes']),
    transports: textsOf(info?.['transports']),
    authenticatorVersion: countOf(statement['authenticatorVersion']),
    reports: asJsonArray(entry['statusReports']).flatMap(readReport),
  };
}

function readReport(value: unknown): readonly StatusReport[] {
  const report = asJsonObject(value);
  const status = textOf(report?.['status']);
  if (report === null || status === null) return [];
  return [
    {
      status,
      effectiveMs: dateOf(report['effectiveDate']),
      authenticatorVersion: countOf(report['authenticatorVersion']),
    },
  ];
}

/** Standard base64; some entries have line breaks or spaces in it. */
function derOf(text: string): readonly Uint8Array[] {
  try {
    return [decodeBase64Lenient(text.replaceAll(/\s+/g, ''))];
  } catch (error) {
    if (error instanceof Base64Error) return [];
    throw error;
  }
}
