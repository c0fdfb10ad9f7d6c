// docs/twin.md names every door of the stage and every day the company can have in practice, and none that is not there.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { practiceTenants } from '../../contract/practice.ts';
import { readLabels } from '../../scripts/demo/labels.mjs';
import { inProject } from '../../scripts/set-up/places.mjs';

test('the doors in the document are the doors of the stage', async () => {
  const source = await readFile(inProject('main/simulator/entra/stage.ts'), 'utf8');
  const face = source.slice(source.indexOf('export interface Stage {'));
  const doors = [...face.matchAll(/^ {2}([a-z]\w+)\(/gm)].map((found) => String(found[1]));
  const document = await readFile(inProject('docs/twin.md'), 'utf8');
  const section = document.slice(document.indexOf("## The stage's doors"), document.indexOf('Documented limits'));
  const named = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map((found) => String(found[1])));
  expect(doors.length).toBeGreaterThan(20);
  expect([...named, 'reset'].toSorted()).toEqual(doors.toSorted());
});

test('the days to practise in the document are those on the practice desk', async () => {
  const label = await readLabels('en');
  const document = await readFile(inProject('docs/twin.md'), 'utf8');
  const section = document.slice(document.indexOf('## Days to practise'), document.indexOf('## Not verified'));
  const named = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|')[1]?.trim());
  expect(named.slice(1)).toEqual(practiceTenants.map((tenant) => label(`practice.tenant.${tenant}`)));
});
