// The only process that opens keys. Electron starts it as a utility process; tests start it as a plain child of Node.
// It takes verbs on its pipe and nothing else: no argument, no environment, no file says what it does.
import { nodeSurroundings } from './node-surroundings.ts';
import { openLinks } from './open-links.ts';
import { processPipe } from './process-pipe.ts';
import { serveKeyHost } from './serve-key-host.ts';

/** EX_SOFTWARE of sysexits: an error inside, as opposed to a signal from outside. */
const exitCodeOfBug = 70;

// A bug ends the process: its keeper starts a clean one, and a key loses one ceremony. Of the error only its kind and
// place are told, because a message may hold what somebody typed.
process.on('uncaughtException', stopWith);
process.on('unhandledRejection', stopWith);

const parent = processPipe();
const serving = serveKeyHost({ pipe: parent.pipe, surroundings: nodeSurroundings, openLinks });
// Without the desk nobody may use the keys: they are let go, a blinking one too, and the process ends.
parent.onParentGone(() => void serving.then((host) => host.close()).finally(() => process.exit(0)));

function stopWith(error: unknown): void {
  process.stderr.write(`key host stopped: ${whereabouts(error)}\n`);
  process.exit(exitCodeOfBug);
}

function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames].join('\n');
}
