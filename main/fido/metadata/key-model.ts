// What is known of a key's model: the FIDO metadata's own words where the desk has them, else a small table, else what the
// key calls itself over USB.
import type { MetadataInUse } from './trust.ts';
import { tabledModels, type TabledModel } from './model-table.ts';
import { standingOf, type Standing } from './standing.ts';

export interface KeyModel {
  /** To show; never empty. */
  readonly name: string;
  /** Who says so. What a key calls itself is its own claim. */
  readonly namedBy: 'metadata' | 'table' | 'key';
  readonly maker: string | null;
  /** `usb`, `nfc`, `ble`; empty when not known. */
  readonly transports: readonly string[];
  /** Null without metadata, or when the model is not in it. */
  readonly standing: Standing | null;
}

/** What tells a model apart. Of a key that speaks no CTAP2 there is only what USB says. */
export interface ModelMarks {
  /** Lower-case UUID. */
  readonly aaguid: string | null;
  /** getInfo's; `undefined` when the key does not say. */
  readonly firmwareVersion: number | undefined;
  readonly vendorId: number;
  readonly productId: number;
  /** The USB product string. */
  readonly product: string | null;
}

export interface ModelKnowledge {
  readonly metadata: MetadataInUse | null;
  readonly wallMs: number;
}

const longestNameCharacters = 60;
const table: ReadonlyMap<string, TabledModel> = new Map(tabledModels.map((model) => [model.aaguid, model]));

export function keyModel(marks: ModelMarks, { metadata, wallMs }: ModelKnowledge): KeyModel {
  const tabled = marks.aaguid === null ? undefined : table.get(marks.aaguid);
  const entry = marks.aaguid === null ? undefined : metadata?.blob.entries.get(marks.aaguid);
  const told = readable(entry?.description ?? null);
  const transports = entry === undefined || entry.transports.length === 0 ? tabled?.transports : entry.transports;
  return {
    ...(told === '' ? namedOtherwise(tabled, marks) : { name: told, namedBy: 'metadata' }),
    maker: tabled?.maker ?? null,
    transports: transports ?? [],
    standing: entry === undefined ? null : standingOf(entry.reports, { wallMs, firmwareVersion: marks.firmwareVersion }),
  };
}

function namedOtherwise(tabled: TabledModel | undefined, marks: ModelMarks): Pick<KeyModel, 'name' | 'namedBy'> {
  if (tabled !== undefined) return { name: tabled.name, namedBy: 'table' };
  return { name: readable(marks.product) || `FIDO ${hex4(marks.vendorId)}:${hex4(marks.productId)}`, namedBy: 'key' };
}

/** Others chose the text, so it is cut, and stripped of whatever could disturb a screen or a log line. */
function readable(text: string | null): string {
  const plain = (text ?? '').replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...plain].slice(0, longestNameCharacters).join('').trim();
}

function hex4(id: number): string {
  return id.toString(16).padStart(4, '0');
}
