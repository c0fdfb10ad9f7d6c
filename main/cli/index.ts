// `npm run firstkey -- keys …`: the commands under plain Node, from a working copy.
import { fork } from 'node:child_process';
import path from 'node:path';
import type { HostProcess } from '../adapters/key-host/host-process.ts';
import { announced } from './program/announced.ts';
import { runKeysProgram } from './program/run-program.ts';

/** EX_SOFTWARE of sysexits: a bug, told by its kind and place only, because a message may hold what somebody typed. */
const exitCodeOfBug = 70;

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

/** The key host of the same build, as a plain child. */
function startHost(): HostProcess {
  const child = fork(path.join(import.meta.dirname, 'keyhost.js'), { serialization: 'advanced', execArgv: [] });
  return {
    post: (message) => {
      if (child.connected) child.send(message as never);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let isTold = false;
      const tell = (code: number | null) => {
        if (!isTold) listener(code);
        isTold = true;
      };
      child.once('exit', tell);
      child.once('error', () => tell(null));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
