// The application's process: the desk from the first line to the first screen, or one command without a window. Anything that must be refused is refused before a window opens.
import { app } from 'electron';
import path from 'node:path';
import type { SettingsVerdict } from './adapters/settings-file/read-settings.ts';
import { problemLine } from './adapters/settings-file/settings-problem.ts';
import { openDesk } from './compose/desk.ts';
import { lastGoodFile, ownSettings, refusalText, settingsOf } from './compose/own-settings.ts';
import { dataFolderOf } from './shell/data-folder.ts';
import { beginStartUp, exitCodes, terminalCommandGiven } from './shell/start-up.ts';
import type { StartUp } from './shell/start-up.ts';

/** The kiosk page fell so often that the shell loads it no more: a new process may do better, a dark screen never does. */
class RendererGivenUp extends Error {
  override readonly name = 'RendererGivenUp';
}

/** How long a desk that met a bug may take to forget. */
const crashLimitMs = 10_000;

/** A bug's kind and place, never its message: that could hold what somebody typed. */
function whereabouts(bug: unknown): string {
  if (!(bug instanceof Error)) return typeof bug;
  const frames = (bug.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [bug.name, ...frames].join('\n');
}

/** The administrator's own words about their own sources: nothing of a person stands in them. */
function tellProblems({ problems }: SettingsVerdict): void {
  for (const problem of problems) process.stderr.write(`Firstkey: settings: ${problemLine(problem)}\n`);
}

/** Ends the process with what the start-up comes to, or with a bug's kind and place. */
function endWith(exitCode: Promise<number>): Promise<void> {
  return exitCode.then(
    (code) => app.exit(code),
    (bug: unknown) => {
      process.stderr.write(`Firstkey does not start: ${whereabouts(bug)}\n`);
      app.exit(exitCodes.crashed);
    },
  );
}

async function run(found: SettingsVerdict, { world, dataFolder, frame, face }: StartUp): Promise<void> {
  const configured = settingsOf(found);
  const careToken = face === 'care' ? await (await import('./compose/ask-care-token.ts')).askCareToken(world, configured) : null;
  if (typeof careToken === 'string') {
    process.stderr.write(`Firstkey does not start: ${careToken}\n`);
    return app.exit(exitCodes.noCareToken);
  }
  const desk = await openDesk({
    world,
    settings: configured,
    found,
    // Not this module's own folder: the build may put its code into a part of its own.
    buildFolder: path.join(app.getAppPath(), 'build'),
    dataFolder,
    version: app.getVersion(),
    frame,
    face,
    careToken,
    onReady: () =>
      process.stdout.write(
        `${JSON.stringify({ firstkey: 'ready', world, face, version: app.getVersion(), electron: process.versions.electron })}\n`,
      ),
    onTrouble: (trouble) => process.stderr.write(`Firstkey: ${trouble}\n`),
    onBug: (bug) => process.stderr.write(`Firstkey met a bug: ${whereabouts(bug)}\n`),
  });
  let closing = false;
  const close = async (exitCode: number): Promise<void> => {
    if (closing) return;
    closing = true;
    try {
      await desk.close();
    } finally {
      await desk.shell.quit(exitCode);
    }
  };
  desk.shell.onCloseAsked(() => void close(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0));
  const crash = (bug: unknown): void => {
    process.stderr.write(`Firstkey stops: ${whereabouts(bug)}\n`);
    // Forgetting may hang on the very thing that broke; whoever supervises the desk is not kept waiting for it.
    setTimeout(() => app.exit(exitCodes.crashed), crashLimitMs);
    void close(exitCodes.crashed);
  };
  desk.shell.onRendererGone(({ reloading }) => {
    if (!reloading) crash(new RendererGivenUp());
  });
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

function openOwnDesk(): void {
  const found = ownSettings({ lastGoodFile: lastGoodFile(dataFolderOf(app.getPath('appData'))) });
  tellProblems(found);
  const startUp = beginStartUp(found.taken ? found.settings.world : null);
  if (startUp === null) return;
  if (!found.taken && startUp.face !== 'kiosk') {
    process.stderr.write(`Firstkey does not start: ${refusalText(found)}\n`);
    return app.exit(exitCodes.unreadableSettings);
  }
  // Not awaited: a top-level await of whenReady would keep an inspected process from ever becoming ready.
  void app
    .whenReady()
    .then(() => run(found, startUp))
    .catch((bug: unknown) => {
      process.stderr.write(`Firstkey does not start: ${whereabouts(bug)}\n`);
      app.exit(exitCodes.crashed);
    });
}

const command = terminalCommandGiven();
if (command === null) {
  openOwnDesk();
} else if ('refused' in command) {
  process.stderr.write(`Firstkey does not start: ${command.refused}\n`);
  app.exit(exitCodes.hostileCommandLine);
} else {
  const { runInElectron, startsAgain } = await import('./cli/program/run-in-electron.ts');
  const running = endWith(runInElectron(command));
  // A process that only starts itself again must not become ready: it would end for want of a display. Every other must.
  if (startsAgain(command)) await running;
}
