// A twin with its two doors open: HTTPS for clients, the stage for scripts.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverCertificates } from './certificates.mjs';
import { openControlDoor } from './control-door.mjs';
import { openHttpsDoor } from './https-door.mjs';

/**
 * @typedef {object} ServedTwin
 * @property {number} port of HTTPS
 * @property {string} authorityFile PEM of the certificate authority, in a folder of its own under the system's temporary one
 * @property {string} authorityPem
 * @property {string} publicKeyHash of the server's certificate, as Chromium takes it
 * @property {string} resolverRules as Chromium takes them: every host name of the twin to this port
 * @property {string} controlUrl
 * @property {string} controlToken
 * @property {() => Promise<void>} close also deletes the folder
 */

/**
 * @param {import('./https-door.mjs').Answering & { stage: object }} twin
 * @param {{ port?: number, controlPort?: number }} [ports] free ones when left out
 * @returns {Promise<ServedTwin>}
 * @throws when a port is taken
 */
export async function serveTwin(twin, { port = 0, controlPort = 0 } = {}) {
  const certificates = await serverCertificates(twin.hosts, Date.now());
  const controlToken = randomBytes(24).toString('base64url');
  const https = await openHttpsDoor(twin, { port, certificates });
  const control = await openControlDoor(twin.stage, { port: controlPort, token: controlToken }).catch(async (error) => {
    await https.close();
    throw error;
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'firstkey-twin-'));
  const authorityFile = path.join(folder, 'authority.pem');
  await writeFile(authorityFile, certificates.authorityPem);
  return {
    port: https.port,
    authorityFile,
    authorityPem: certificates.authorityPem,
    publicKeyHash: certificates.publicKeyHash,
    resolverRules: twin.hosts.map((host) => `MAP ${host}:443 127.0.0.1:${https.port}`).join(', '),
    controlUrl: `http://127.0.0.1:${control.port}/`,
    controlToken,
    close: async () => {
      await Promise.all([https.close(), control.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
