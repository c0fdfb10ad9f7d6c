// Management consoles know fewer types than settings have: a switch is a number, a list of one a text, a large number a text. What
// the schema says of a member decides which it is meant to be; anything else is left for the schema to refuse.
import { editorSchema } from '../editor-schema.ts';
import type { Layer } from '../settings-layer.ts';
import { noPlace } from '../settings-layer.ts';
import type { PolicyReading } from './policy-reading.ts';

/** Places in a converted document say nothing to anybody. */
export function asMembers(layer: Layer): PolicyReading {
  const { properties } = editorSchema({ policy: true });
  const converted = [...layer].map(([name, given]) => {
    const value = asMeant(given.value, properties[name]);
    return [name, { value, where: given.where, placeOf: noPlace }] as const;
  });
  return { ok: true, layer: new Map(converted) };
}

function asMeant(value: unknown, schema: unknown): unknown {
  const types = typesOf(schema);
  if (types.includes('boolean') && (value === 0 || value === 1)) return value === 1;
  if (types.includes('integer') && typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  if (types.includes('array') && typeof value === 'string') return value === '' ? [] : [value];
  return value;
}

/** Of a JSON Schema: its type, and those of its alternatives. */
function typesOf(schema: unknown): readonly unknown[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'type' in schema ? [schema.type].flat() : [];
  const others = 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(typesOf) : [];
  return [...own, ...others];
}
