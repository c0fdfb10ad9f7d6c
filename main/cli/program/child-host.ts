// The key host as a plain child of Node, behind the same face as the utility process at the desk.
import type { ChildProcess } from 'node:child_process';
import type { HostProcess } from '../../adapters/key-host/host-process.ts';

/** @param child forked with `serialization: 'advanced'` */
export function hostProcessOf(child: ChildProcess): HostProcess {
  return {
    post: (message) => {
      if (child.connected) child.send(message as never);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      let told = false;
      const tell = (code: number | null) => {
        if (told) return;
        told = true;
        listener(code);
      };
      child.once('exit', tell);
      child.once('error', () => tell(null));
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
