// A server on this machine: where it came to stand, and how it ends.
import { once } from 'node:events';

/**
 * @param {import('node:http').Server | import('node:https').Server} server
 * @param {number} port 0: any that is free
 * @param {string | undefined} host which address of this machine; undefined: every one
 * @returns {Promise<{ readonly port: number, close(): Promise<void> }>}
 * @throws when the port is taken
 */
export async function listening(server, port, host) {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
