// npm run demo: a scripted person does the whole journey in the real window and a report page shows each screen, its time,
// what was made and who verified it. Hands-free, with a display or without. Fails when any step fails.
//   npm run demo -- --story one-time     the stories: whole, one-time, phone-first, all
//   npm run demo -- --language nl        en, nl or ar
//   npm run demo -- --frame 1366x768     the size of the whole window

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
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
  const { tellStory } = await import('./demo/tell-story.mjs');
  const { writeReport } = await import('./demo/report.mjs');
  const wanted = values.story === 'all' ? [...stories.keys()] : [values.story];
  const unknown = wanted.filter((name) => !stories.has(name));
  if (unknown.length > 0)
    throw new SetUpProblem(
      `There is no story called ${unknown.join(', ')}. There are: ${[...stories.keys(), 'all'].join(', ')}.`,
    );
  if (!['en', 'nl', 'ar'].includes(values.language))
    throw new SetUpProblem(`The desk does not speak ${values.language}; it speaks en, nl and ar.`);

  return withDisplay(async (environment) => {
    let failed = 0;
    for (const name of wanted) {
      const folder = inProject('reports', 'demo', values.language === 'en' ? name : `${name}-${values.language}`);
      const told = await tellStory({
        story: /** @type {import('./demo/stories.mjs').Story} */ (stories.get(name)),
        folder,
        electron,
        environment,
        frame: values.frame,
        language: values.language,
      });
      const page = await writeReport(folder, told);
      say(
        'demo',
        `${told.failure === null ? 'done' : `FAILED at “${told.failure.step}”: ${told.failure.message}`} (${name}); the report is ${page}`,
      );
      if (told.failure !== null) failed += 1;
    }
    return failed === 0 ? 0 : 1;
  });
});
