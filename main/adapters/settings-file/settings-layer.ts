// One source of settings: what it says, and where each of it stands.
import type { JsonDocument, TextPlace } from './document/json-document.ts';

export interface GivenMember {
  readonly value: unknown;
  /** The file's name, or the registry's key. */
  readonly where: string;
  /** @param path from the member's own name on */
  readonly placeOf: (path: readonly PropertyKey[]) => TextPlace | null;
}

export type Layer = ReadonlyMap<string, GivenMember>;

/** Editors use it to find the schema; it is no setting. */
const editorsName = '$schema';

/** Null when the document is no object. */
export function layerOf({ value, placeOf }: JsonDocument, where: string): Layer | null {
  if (!isObject(value)) return null;
  const members = Object.entries(value).filter(([name, given]) => name !== editorsName || typeof given !== 'string');
  return new Map(members.map(([name, given]) => [name, { value: given, where, placeOf }]));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const noPlace = (): null => null;
