// npm start: sets up what is missing, builds, and opens the desk in the training world. Arguments after -- go to the desk.

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { spawn } = await import('node:child_process');
  const { prepare } = await import('./set-up/prepare.mjs');
  const { withDisplay } = await import('./set-up/display.mjs');
  const { projectRoot } = await import('./set-up/places.mjs');
  const electron = await prepare();
  return withDisplay((environment) => {
    say('start', 'opening the desk (training world unless the arguments say otherwise); Ctrl+C here ends it');
    const desk = spawn(electron.executable, [...electron.extraArguments, projectRoot, ...process.argv.slice(2)], {
      cwd: projectRoot,
      env: environment,
      stdio: 'inherit',
    });
    // The terminal sends Ctrl+C to both; this process waits for the desk to end its stay in order.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => desk.kill('SIGTERM'));
    return new Promise((resolve, reject) => {
      desk.once('error', reject);
      desk.once('exit', (code) => resolve(code ?? 1));
    });
  });
});
