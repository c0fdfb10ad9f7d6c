// docs/twin.md names every door of the stage, and none that is not there.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
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
