// What runs inside the guest, bundled: our desk on the kernel's device, then the independent programs on the same key.
import { fork } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { debianTools } from './debian-tools.ts';
import { deskRegisters } from './desk-registers.ts';
import { GuestKey } from './guest-key.ts';
import { libfido2Sessions } from './libfido2-sessions.ts';
import { pythonSessions } from './python-sessions.ts';
import { stationWalls } from './station-walls.ts';
import { TapLines } from './tap-lines.ts';

const [keyHostFile, pythonScripts, outFolder] = process.argv.slice(2);
if (keyHostFile === undefined || pythonScripts === undefined || outFolder === undefined) {
  throw new Error('usage: guest-story KEY-HOST PYTHON-SCRIPTS OUT');
}
const tap = new TapLines();
const guestKey = await GuestKey.make();
await deskRegisters({ tap, guestKey, outFolder, spawnKeyHost: () => keyHostProcess(keyHostFile) });
const workFolder = await mkdtemp(path.join(tmpdir(), 'debian-'));
await debianTools({ tap, guestKey, pythonScript: path.join(pythonScripts, 'python_fido2_judge.py'), workFolder });
await libfido2Sessions({ tap, workFolder });
await pythonSessions(tap, path.join(pythonScripts, 'python_fido2_sessions.py'));
await stationWalls(tap, {
  station: path.resolve('assets/station/linux'),
  bundles: path.dirname(path.dirname(keyHostFile)),
  packages: path.resolve('node_modules'),
});
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
