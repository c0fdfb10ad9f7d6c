// docs/virtual-keys.md against the lists it shows: kinds, quirks, faults. A row too many, too few or worded otherwise fails.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { KEY_KINDS, type KeyKind } from '../../main/simulator/key/key-kinds.ts';
import type { MalformedCbor } from '../../main/simulator/key/key-fault-plan.ts';
import { KEY_QUIRKS } from '../../main/simulator/key/key-quirks.ts';
import { NAMED_FAULTS, type NamedFault } from '../../main/simulator/key/named-faults.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { VENDOR_KINDS } from '../../main/simulator/key/vendor-kinds.ts';
import { inProject } from '../../scripts/set-up/places.mjs';

const kinds: readonly (readonly [string, KeyKind])[] = Object.entries(KEY_KINDS);
const vendorKinds: readonly (readonly [string, KeyKind])[] = Object.entries(VENDOR_KINDS);
const faults: readonly (readonly [string, NamedFault])[] = Object.entries(NAMED_FAULTS);

const HARM = { none: 'nothing', answer: 'the answer', next: 'this answer or the next', key: 'the key' } as const;

/** The rows of the table under a heading, as cells. */
async function tableUnder(heading: string): Promise<string[][]> {
  const text = await readFile(inProject('docs/virtual-keys.md'), 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = own.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.slice(2, -2).split(' | '));
}

const code = (name: string) => `\`${name}\``;

describe('docs/virtual-keys.md', () => {
  test.each([
    ['Kinds', kinds],
    ['Keys of named makers', vendorKinds],
  ])('shows every kind: %s', async (heading, listed) => {
    const rows = listed.map(([name, { what, like, model }]) => [
      code(name),
      what,
      like,
      model.quirks.size === 0 ? '–' : [...model.quirks].map(code).join(', '),
    ]);
    expect(await tableUnder(heading)).toEqual(rows);
  });

  test('shows every quirk', async () => {
    const rows = Object.entries(KEY_QUIRKS).map(([name, { does, seen }]) => [code(name), does, seen]);
    expect(await tableUnder('Quirks')).toEqual(rows);
  });

  test('shows every fault', async () => {
    const rows = faults.map(([name, { does, harm }]) => [code(name), does, HARM[harm]]);
    expect(await tableUnder('Faults')).toEqual(rows);
  });
});

test('every quirk is some kind’s', () => {
  const all = [...Object.values(KEY_KINDS), ...Object.values(VENDOR_KINDS), ...Object.values(TRAINING_KEYS)];
  const models = all.map(({ model }) => model);
  const used = new Set(models.flatMap(({ quirks }) => [...quirks]));
  expect(Object.keys(KEY_QUIRKS).filter((quirk) => !used.has(quirk as keyof typeof KEY_QUIRKS))).toEqual([]);
});

test('no two models share an AAGUID, a product or a number', () => {
  const models = new Map(kinds.map(([, { model }]) => [model.product, model]));
  const unique = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
  const known = [...models.values()];
  unique(known.map(({ name }) => name));
  unique(known.map(({ productId }) => String(productId)));
  unique(known.flatMap(({ ctap2 }) => (ctap2 === undefined ? [] : [Buffer.from(ctap2.aaguid).toString('hex')])));
});

test('every way to spoil CBOR has a name', () => {
  const all: Record<MalformedCbor, true> = {
    truncated: true,
    'trailing-bytes': true,
    nothing: true,
    'huge-length': true,
    'huge-count': true,
    'huge-array': true,
    'reserved-head': true,
    'text-not-utf8': true,
    'indefinite-length': true,
    'indefinite-string': true,
    float: true,
    tag: true,
    undefined: true,
    'bytes-as-key': true,
    'map-as-key': true,
    'duplicate-key': true,
    'duplicate-key-long-head': true,
    'depth-bomb': true,
    'map-depth-bomb': true,
    unsorted: true,
    'long-heads': true,
    'not-a-map': true,
    'wrong-types': true,
    'empty-map': true,
    'null-values': true,
    'text-keys': true,
    'values-exchanged': true,
    'other-command': true,
    oversized: true,
    'many-members': true,
  };
  const named = faults.flatMap(([, { fault }]) => (fault.kind === 'malformed-cbor' ? [fault.how] : []));
  expect(named.toSorted()).toEqual(Object.keys(all).toSorted());
});
