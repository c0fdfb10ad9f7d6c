// The key host as Electron runs it: a utility process, named so that an administrator sees what it is.
import { utilityProcess } from 'electron';
import type { HostProcess } from '../adapters/key-host/host-process.ts';

/** Starts a key host from its built file. */
export function startKeyHostProcess(hostFile: string): HostProcess {
  const child = utilityProcess.fork(hostFile, [], { serviceName: 'Firstkey key host', stdio: 'inherit' });
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (exitCode) => listener(exitCode)),
    kill: () => {
      // Electron's own kill asks first, and a host that hangs or was stopped does not hear it.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
