// npm run twin: serves the training twin of Microsoft's sign-in, Graph and My Security Info over HTTPS on this machine, for
// browsers and programs that are not ours. docs/twin.md says what it plays.
//   npm run twin -- --port 8443 --control-port 8444     instead of free ones
//   npm run twin -- --people 20                         how many people there are (10)

import { requireSupportedNode } from './set-up/node-version.mjs';

requireSupportedNode();
const { runCommand, say, SetUpProblem } = await import('./set-up/say.mjs');
await runCommand(async () => {
  const { randomBytes } = await import('node:crypto');
  const { parseArgs } = await import('node:util');
  const { ensurePackages } = await import('./set-up/packages.mjs');
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'control-port': { type: 'string' }, people: { type: 'string' } },
  });
  const number = (
    /** @type {string} */ name,
    /** @type {string | undefined} */ text,
    /** @type {number} */ otherwise,
    /** @type {number} */ most,
  ) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < 0 || value > most) throw new SetUpProblem(`--${name} takes a number up to ${most}.`);
    return value;
  };
  const port = number('port', values.port, 0, 65_535);
  const controlPort = number('control-port', values['control-port'], 0, 65_535);
  const count = number('people', values.people, 10, 100_000);

  await ensurePackages();
  const { loadTwin } = await import('./twin/bundle.mjs');
  const { serveTwin } = await import('./twin/serve-twin.mjs');
  const { howToReach } = await import('./twin/how-to-reach.mjs');
  say('twin', 'building');
  const { createTwin, nextColleague } = await loadTwin();
  const twin = await createTwin({
    clock: {
      wallMs: () => Date.now(),
      nowMs: () => performance.now(),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    trustedAttestationRoots: [],
  });
  // No manufacturer's root is known here, so keys could not prove their make.
  twin.stage.setPolicy({ fido2: { isAttestationEnforced: false }, temporaryAccessPass: { maximumLifetimeInMinutes: 43_200 } });
  const people = Array.from({ length: count }, (_, index) => {
    const person = nextColleague(index, twin.tenant.domain);
    twin.stage.addUser(person);
    // Every other one has a pass that works once.
    const isUsableOnce = index % 2 === 1;
    const pass = twin.stage.issuePass({ user: person.upn, isUsableOnce, lifetimeMinutes: 24 * 60 });
    return { upn: person.upn, pass, note: isUsableOnce ? 'works once' : 'works until tomorrow' };
  });

  const served = await serveTwin(twin, { port, controlPort }).catch((error) => {
    if (error?.code === 'EADDRINUSE')
      throw new SetUpProblem(`Port ${error.port} is taken. Name another with --port or --control-port.`);
    if (error?.code === 'EACCES') throw new SetUpProblem(`This user may not listen on port ${error.port}.`);
    throw error;
  });
  process.stdout.write(howToReach(served, twin.hosts, people.slice(0, 20)));
  await new Promise((resolve) => {
    for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(name, resolve);
  });
  await served.close();
  return 0;
});
