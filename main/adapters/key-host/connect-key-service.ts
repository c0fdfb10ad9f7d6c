// The key service of this machine behind the same face as a process of the desk's own: connecting is starting, hanging up
// is ending. The service forgets a client when it hangs up.
import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { framePipe } from '../../keyhost/service/frame-pipe.ts';
import type { HostProcess } from './host-process.ts';

/** A service that is alive reads within milliseconds; its pulse is felt besides. */
const mostUnsentBytes = 1_048_576;

/** The folder of the socket is not one in which only a service could have put it. */
export class ServiceNotTrusted extends Error {
  override readonly name = 'ServiceNotTrusted';
}

/**
 * Connects to the service's socket. Never waits: a service that is not there is a process that ended at once.
 * @throws {ServiceNotTrusted} when somebody else could have put the socket where it is
 */
export function connectKeyService(socketPath: string): HostProcess {
  if (process.platform !== 'win32') requireForeignFolder(path.dirname(socketPath));
  const socket = connect(socketPath);
  const pipe = framePipe(socket, { mostUnsentBytes });
  return {
    post: (message) => pipe.post(message),
    onMessage: (listener) => void pipe.onMessage(listener),
    onExit: (listener) => pipe.onClosed(() => listener(null)),
    kill: () => pipe.destroy(),
  };
}

/** PINs go to whoever answers, so the desk's own account must not be able to answer itself. */
function requireForeignFolder(folder: string): void {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  // Not there yet: connecting fails, and is tried again.
  if (status === undefined) return;
  const isOurs = status.uid !== 0 && status.uid === process.getuid?.();
  const isOpen = (status.mode & 0o022) !== 0;
  if (!status.isDirectory() || isOurs || isOpen) {
    throw new ServiceNotTrusted(`${folder} must belong to the key service, and nobody else may write in it`);
  }
}
