// The other clients of the key bench: python3-fido2 inside one process that stays, libfido2's tools as whole processes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { runInTerminal } from '../vm/terminal-program.ts';
import type { Step } from './key-story.ts';

/** A python3 that waits to be told a step; it times itself. */
export interface PythonPeer {
  /** Milliseconds. */
  step(step: Step): Promise<number>;
  close(): Promise<void>;
}

export function pythonPeer(script: string, device: string): PythonPeer {
  const python = spawn('/usr/bin/python3', [script, device, TRAINING_PIN], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<never>((_resolve, reject) => {
    python.once('error', reject);
    python.once('close', (code) => reject(new Error(`python3 ended with code ${code}`)));
  });
  ended.catch(() => undefined); // told to whoever waits for a step
  const lines = createInterface(python.stdout);
  return {
    step: async (step) => {
      const line = once(lines, 'line');
      python.stdin.write(`${step}\n`);
      const [tookMs] = (await Promise.race([line, ended])) as [string];
      return Number(tookMs);
    },
    close: async () => {
      const closed = once(python, 'close');
      python.stdin.end();
      await closed;
    },
  };
}

const CLIENT_DATA_HASH = Buffer.alloc(32, 0x5a).toString('base64');
const RP_ID = 'bench.example';

export interface ToolTimes {
  readonly getInfo: number;
  readonly makeCredential: number;
  readonly getAssertion: number;
}

/** From starting a tool to its end, PIN typed in a terminal where it asks. Milliseconds. */
export async function toolRound(device: string): Promise<ToolTimes> {
  const folder = await mkdtemp(path.join(tmpdir(), 'key-bench-'));
  const [credIn, assertIn] = [path.join(folder, 'cred.in'), path.join(folder, 'assert.in')];
  await writeFile(credIn, [CLIENT_DATA_HASH, RP_ID, 'bench@example', Buffer.from('bench').toString('base64'), ''].join('\n'));
  await writeFile(assertIn, [CLIENT_DATA_HASH, RP_ID, ''].join('\n'));
  const getInfo = await timed(['fido2-token', '-I', device], []);
  const makeCredential = await timed(['fido2-cred', '-M', '-r', '-v', '-i', credIn, '-o', '/dev/null', device], [TRAINING_PIN]);
  const getAssertion = await timed(['fido2-assert', '-G', '-r', '-v', '-i', assertIn, '-o', '/dev/null', device], [TRAINING_PIN]);
  return { getInfo, makeCredential, getAssertion };
}

async function timed(command: readonly string[], answers: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const { exitCode, output } = await runInTerminal(command, answers);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${output}`);
  return performance.now() - startedMs;
}
