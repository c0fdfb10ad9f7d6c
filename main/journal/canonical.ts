// JSON in the one form that is signed and hashed: RFC 8785, JSON Canonicalization Scheme.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The canonical text of a value (RFC 8785 §3.2): no white space, members in the order of their names' UTF-16 code units,
 * strings and numbers as ECMAScript writes them. Its UTF-8 form is what is signed and hashed.
 * @throws {TypeError} for a number that is none and for a text that is not well-formed Unicode (§3.2.2.2, §3.2.2.3)
 */
export function canonical(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a number that JSON has');
  if (typeof value === 'string' && !isWellFormed(value)) throw new TypeError('not well-formed Unicode');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value)
    .toSorted(byCodeUnits)
    .map((name) => `${canonical(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

/** What `<` compares strings by (ECMA-262, IsLessThan). */
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** No half of a surrogate pair stands alone. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** The value of a text that is canonical already; null for any other, so that every value has one text. */
export function readCanonical(text: string): Json | null {
  try {
    const value = JSON.parse(text) as Json;
    return canonical(value) === text ? value : null;
  } catch {
    return null; // not JSON, or JSON that has no canonical form
  }
}
