// `npm run firstkey -- keys …`: the commands under plain Node, from a working copy.
import { fork } from 'node:child_process';
import path from 'node:path';
import { announced } from './program/announced.ts';
import { hostProcessOf } from './program/child-host.ts';
import { runKeysProgram } from './program/run-program.ts';

/** EX_SOFTWARE of sysexits: a bug, told by its kind and place only, because a message may hold what somebody typed. */
const exitCodeOfBug = 70;

/** The key host of the same build, as a plain child. */
const startHost = () =>
  hostProcessOf(fork(path.join(import.meta.dirname, 'keyhost.js'), { serialization: 'advanced', execArgv: [] }));

const parsed = announced(process.argv.slice(2));
if (typeof parsed === 'number') {
  process.exitCode = parsed;
} else {
  runKeysProgram(parsed, { startHost, runtimeProblem: () => null }).then(
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
