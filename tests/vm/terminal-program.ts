// Runs a program under a terminal of its own, as libfido2's tools want when they ask for a PIN, and answers its questions.
import { spawn } from 'node:child_process';

export interface TerminalRun {
  readonly exitCode: number | null;
  /** What it wrote, questions included. */
  readonly output: string;
}

const ENDS_WITHIN_MS = 60_000;

/** `answers` are typed one by one, each when the program has written a question that ends in a colon. */
export function runInTerminal(command: readonly string[], answers: readonly string[] = []): Promise<TerminalRun> {
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: ENDS_WITHIN_MS,
  });
  const left = [...answers];
  let output = '';
  let answeredUpTo = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    const question = output.slice(answeredUpTo);
    const answer = /:\s*$/u.test(question) ? left.shift() : undefined;
    if (answer === undefined) return;
    answeredUpTo = output.length;
    child.stdin.write(`${answer}\n`);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output: output.replaceAll('\r', '') }));
  });
}
