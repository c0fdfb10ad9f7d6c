// A server on this machine's loopback address: where it came to stand, and how it ends.
import { once } from 'node:events';

/**
 * @param {import('node:http').Server | import('node:https').Server} server
 * @param {number} port 0: any that is free
 * @returns {Promise<{ readonly port: number, close(): Promise<void> }>}
 * @throws when the port is taken
 */
export async function onLoopback(server, port) {
  server.listen(port, '127.0.0.1');
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
