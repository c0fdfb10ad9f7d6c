// `npm run firstkey -- keys …` and `doctor`: the commands under plain Node, from a working copy.
import { fork } from 'node:child_process';
import path from 'node:path';
import { announced } from './program/announced.ts';
import { hostProcessOf } from './program/child-host.ts';
import { nodeHttp, nodeAppData } from './program/node-surroundings.ts';
import { runCommandLine } from './program/run-command-line.ts';

/** EX_SOFTWARE of sysexits: a bug, told by its kind and place only, because a message may hold what somebody typed. */
const exitCodeOfBug = 70;

/** Not this module's own folder: the build may put its code into a part of its own. */
const buildFolder = path.dirname(process.argv[1] ?? '');

/** The key host of the same build, as a plain child. */
const startHost = () => hostProcessOf(fork(path.join(buildFolder, 'keyhost.js'), { serialization: 'advanced', execArgv: [] }));

const parsed = announced(process.argv.slice(2));
if (typeof parsed === 'number') {
  process.exitCode = parsed;
} else {
  runCommandLine(parsed, {
    startHost,
    runtimeProblem: () => null,
    openHttp: nodeHttp,
    appData: nodeAppData,
    pagesFolder: path.join(buildFolder, '..', 'renderer'),
  }).then(
    (exitCode) => process.stdout.write('', () => process.exit(exitCode)),
    (bug: unknown) => {
      process.stderr.write(`firstkey: ${bug instanceof Error ? [bug.name, ...framesOf(bug)].join('\n') : typeof bug}\n`);
      process.exit(exitCodeOfBug);
    },
  );
}

function framesOf({ stack }: Error): readonly string[] {
  return (stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
}
