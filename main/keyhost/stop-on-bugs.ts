// A bug ends the process: its keeper starts a clean one, and a key loses one ceremony.

/** EX_SOFTWARE of sysexits: an error inside, as opposed to a signal from outside. */
const exitCodeOfBug = 70;

/** Of the error only its kind and place are told, because a message may hold what somebody typed. */
export function stopOnBugs(who: string): void {
  const stopWith = (error: unknown) => {
    process.stderr.write(`${who} stopped: ${whereabouts(error)}\n`);
    process.exit(exitCodeOfBug);
  };
  process.on('uncaughtException', stopWith);
  process.on('unhandledRejection', stopWith);
}

function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames].join('\n');
}
