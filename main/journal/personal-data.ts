// What tells of one person, as far as the settings let it into the journal.
import { createHmac } from 'node:crypto';
import type { PersonalDataRule } from '../ports/journal.ts';

/** Every field of an event that tells of one person. */
const personalFields = ['objectId', 'credentialIdB64u', 'serial'] as const;
export type PersonalField = (typeof personalFields)[number];

const mostModelChars = 200;
const mostSerialChars = 64;
/** Bytes of the hash that are kept; 128 bits keep two values apart. */
const keptBytes = 16;

/**
 * What stands for a value: the same for the same value at this desk, and nothing to anybody without the desk's secret.
 * HMAC-SHA-256 (RFC 2104) over the field's name, a line feed and the value; ids in lower case. A tilde tells it from a value.
 */
export function pseudonymOf(field: PersonalField, value: string, secret: Uint8Array): string {
  const plain = field === 'objectId' ? value.toLowerCase() : value;
  const hash = createHmac('sha256', secret).update(`${field}\n${plain}`, 'utf8').digest();
  return `~${hash.subarray(0, keptBytes).toString('base64url')}`;
}

/**
 * The event as it may be written: personal fields as the rule has them, and the texts of a key, which may hold anything, in the
 * characters that the journal takes. Everything else stays as it is, to be judged by the schema.
 */
export function asStored(body: object, rule: PersonalDataRule, secret: Uint8Array): object {
  const told = Object.entries(body).map(([name, value]: [string, unknown]): [string, unknown] => {
    if (typeof value !== 'string') return [name, value];
    if (name === 'model') return [name, value.slice(0, mostModelChars).replaceAll(/\p{Surrogate}/gu, '\uFFFD')];
    const field = personalFields.find((each) => each === name);
    return [name, field === undefined ? value : ruled(field, value, rule, secret)];
  });
  return Object.fromEntries(told);
}

function ruled(field: PersonalField, value: string, rule: PersonalDataRule, secret: Uint8Array): string | null {
  switch (rule) {
    case 'none':
      return null;
    case 'pseudonymous':
      return pseudonymOf(field, value, secret);
    case 'full':
      return field === 'serial' ? value.replaceAll(/[^A-Za-z0-9._-]/g, '').slice(0, mostSerialChars) || null : value;
    default:
      return rule satisfies never;
  }
}
