// What runs inside the guest, bundled: our desk on the kernel's device, then the independent programs on the same key.
import { fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { debianTools } from './debian-tools.ts';
import { deskRegisters } from './desk-registers.ts';
import { GuestKey } from './guest-key.ts';
import { TapLines } from './tap-lines.ts';

const [keyHostFile, pythonScript, outFolder] = process.argv.slice(2);
if (keyHostFile === undefined || pythonScript === undefined || outFolder === undefined) {
  throw new Error('usage: guest-story KEY-HOST PYTHON-SCRIPT OUT');
}
const tap = new TapLines();
const guestKey = await GuestKey.make();
await deskRegisters({ tap, guestKey, outFolder, spawnKeyHost: () => keyHostProcess(keyHostFile) });
await debianTools({ tap, guestKey, pythonScript, workFolder: await mkdtemp(path.join(tmpdir(), 'debian-')) });
// A device that is still being read would keep the process alive.
process.exit(tap.allOk ? 0 : 1);

function keyHostProcess(file: string): HostProcess {
  const child = fork(file, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  return {
    post: (message) => {
      if (child.connected) child.send(message as never);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', listener);
      child.once('error', () => listener(null));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
