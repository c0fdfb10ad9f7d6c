// npm run demo: a scripted person does the whole journey in the real window and a report page shows each screen, its time,
// what was made and who verified it. Hands-free, with a display or without. Fails when any step fails.
//   npm run demo -- --story one-time     the stories: whole, one-time, phone-first, all
//   npm run demo -- --language nl        en, nl or ar
//   npm run demo -- --frame 1366x768     the size of the whole window

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { parseArgs } = await import('node:util');
  const { prepare } = await import('./set-up/prepare.mjs');
  const { withDisplay } = await import('./set-up/display.mjs');
  const { inProject } = await import('./set-up/places.mjs');
  const { values } = parseArgs({
    options: {
      story: { type: 'string', default: 'whole' },
      language: { type: 'string', default: 'en' },
      frame: { type: 'string', default: '1920x1080' },
    },
  });
  const electron = await prepare();
  const { stories } = await import('./demo/stories.mjs');
  const { giveDemo } = await import('./demo/give-demo.mjs');
  const wanted = values.story === 'all' ? [...stories.keys()] : [values.story];
  const unknown = wanted.filter((name) => !stories.has(name));
  if (unknown.length > 0)
    throw new SetUpProblem(
      `There is no story called ${unknown.join(', ')}. There are: ${[...stories.keys(), 'all'].join(', ')}.`,
    );
  if (!['en', 'nl', 'ar'].includes(values.language))
    throw new SetUpProblem(`The desk does not speak ${values.language}; it speaks en, nl and ar.`);

  const chosen = [...stories.values()].filter(({ name }) => wanted.includes(name));
  const { frame, language } = values;
  return withDisplay((environment) =>
    giveDemo({ stories: chosen, folder: inProject('reports', 'demo'), language, electron, environment, frame }),
  );
});
