// Reading JSON that others wrote, tolerantly: what is not of its type counts as not said.

export type JsonObject = Readonly<Record<string, unknown>>;

export function asJsonObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function asJsonArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return asJsonArray(value).filter((item) => typeof item === 'string');
}

/** A whole number that is not negative. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Midnight UTC of a date such as `2026-11-22`, epoch milliseconds; a time of day behind it is cut off. */
export function dateOf(value: unknown): number | null {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(textOf(value) ?? '')?.[0];
  const atMs = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(atMs) ? null : atMs;
}
