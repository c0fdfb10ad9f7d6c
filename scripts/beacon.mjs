// npm run beacon: the company's end of the gate (docs/beacon.md), over https.
//   npm run beacon -- --certificate FILE --certificate-key FILE --key FILE [--port 443]

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { createPrivateKey, createPublicKey } = await import('node:crypto');
  const { readFile } = await import('node:fs/promises');
  const { parseArgs } = await import('node:util');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { values } = parseArgs({
    options: {
      certificate: { type: 'string' },
      'certificate-key': { type: 'string' },
      key: { type: 'string' },
      port: { type: 'string', default: '443' },
    },
  });
  const text = async (/** @type {'certificate' | 'certificate-key' | 'key'} */ name) => {
    const file = values[name];
    if (file === undefined) throw new SetUpProblem(`--${name} names a PEM file. All three files are needed: docs/beacon.md.`);
    return readFile(file, 'utf8').catch(() => {
      throw new SetUpProblem(`--${name}: this file can't be read.`);
    });
  };
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new SetUpProblem('--port takes a number up to 65535.');
  const [certificatePem, certificateKeyPem, keyPem] = [
    await text('certificate'),
    await text('certificate-key'),
    await text('key'),
  ];
  const privateKey = readKey(keyPem);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });

  await ensurePackages();
  const { serveBeacon } = await import('./beacon/serve-beacon.mjs');
  const served = await serveBeacon({ certificatePem, certificateKeyPem, privateKey, port }).catch((error) => {
    if (error?.code === 'EADDRINUSE') throw new SetUpProblem(`Port ${port} is taken. Name another with --port.`);
    if (error?.code === 'EACCES') throw new SetUpProblem(`This user may not listen on port ${port}.`);
    throw error;
  });
  say('beacon', `answers on port ${served.port}`);
  process.stdout.write(`"beaconKeys": ["${x}"]\n`);
  await new Promise((resolve) => {
    for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(name, resolve);
  });
  await served.close();
  return 0;

  function readKey(/** @type {string} */ pem) {
    try {
      const key = createPrivateKey(pem);
      if (key.asymmetricKeyType === 'ed25519') return key;
    } catch {
      // Told below, like a key of another kind.
    }
    throw new SetUpProblem('--key: this is no Ed25519 private key in PEM. docs/beacon.md says how to make one.');
  }
});
