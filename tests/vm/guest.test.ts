// A real kernel between the virtual key and everybody who talks to it. The guest runs one story; what it told is asserted
// here, and what our desk made there is judged once more by SimpleWebAuthn in this process.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MadeCredential } from '../../main/ports/key.ts';
import { bundles } from '../../scripts/build/bundles.mjs';
import { cacheFolder, inProject, reportsFolder } from '../../scripts/set-up/places.mjs';
import { readTapLines, type TapResult } from './tap-lines.ts';

const OUR_DESK = [
  'the key host sees a key that is plugged in',
  'it describes the key over hidraw',
  'it sets the first PIN',
  'a person signs in to the twin with a pass',
  'a credential is made for the options of the twin',
  'the twin accepts and lists it',
  'the key proves the credential',
  'a wrong PIN costs one try and is told',
  'pulling the key out while it blinks is told as removed',
  'plugged in again it is a new insertion and still works',
  'the key host lets go of the key',
];
const DEBIAN = [
  'fido2-token erases the key within ten seconds of plugging in',
  'fido2-token finds the key by its usage page',
  'fido2-token reads getInfo',
  'fido2-token sets a PIN',
  'fido2-cred makes a discoverable credential',
  'fido2-cred verifies its attestation',
  'fido2-assert signs in with it and verifies the signature',
  'fido2-token lists and counts what the key holds',
  'fido2-token is told of a wrong PIN, and of the tries left',
  'python3-fido2 makes, verifies, lists and deletes a credential',
  'the key is let go',
];

const outFolder = path.join(reportsFolder, 'vm');
let bundleFolder: string;
let results: readonly TapResult[] = [];
let output = '';

beforeAll(async () => {
  await mkdir(cacheFolder, { recursive: true });
  // Inside the project, where the bundle finds the native packages.
  bundleFolder = await mkdtemp(path.join(cacheFolder, 'guest-story-'));
  await bundleStory(bundleFolder);
  await rm(outFolder, { recursive: true, force: true });
  const script = [
    process.execPath,
    path.join(bundleFolder, 'main/guest-story.js'),
    path.join(bundleFolder, 'main/keyhost.js'),
    inProject('tests/vm/python_fido2_judge.py'),
    '"$OUT"',
  ];
  output = await runInGuest(script.join(' '));
  results = readTapLines(output);
});

afterAll(() => rm(bundleFolder, { recursive: true, force: true }));

describe('our desk, over node-hid and hidraw', () => {
  test.each(OUR_DESK)('%s', (name) => expectStep(name));

  test('SimpleWebAuthn verifies what was made, against the training root alone', async () => {
    const { made, challengeB64u, root } = JSON.parse(await readFile(path.join(outFolder, 'registration.json'), 'utf8')) as {
      readonly made: MadeCredential;
      readonly challengeB64u: string;
      readonly root: string;
    };
    SettingsService.setRootCertificates({ identifier: 'packed', certificates: [root] });
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: made.credentialIdB64u,
        rawId: made.credentialIdB64u,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: made.clientDataJsonB64u, attestationObject: made.attestationObjectB64u },
      },
      expectedChallenge: challengeB64u,
      expectedOrigin: 'https://login.microsoft.com',
      expectedRPID: 'login.microsoft.com',
      requireUserVerification: true,
    });
    expect(verified).toBe(true);
    expect(registrationInfo).toMatchObject({ fmt: 'packed', aaguid: made.aaguid, userVerified: true });
  });
});

describe('Debian’s own programs, on the same key', () => {
  test.each(DEBIAN)('%s', (name) => expectStep(name));
});

test('the guest told of nothing else', () => {
  expect(results.map(({ name }) => name)).toEqual([...OUR_DESK, ...DEBIAN]);
});

function expectStep(name: string): void {
  const step = results.find((result) => result.name === name);
  if (step === undefined) throw new Error(`the guest never came to this step:\n${output}`);
  expect(step.ok, step.details).toBe(true);
}

/** The story and the key host, built as the application is. */
async function bundleStory(folder: string): Promise<void> {
  const main = bundles(folder).find(({ name }) => name === 'main');
  if (main === undefined) throw new Error('there is no bundle of the main processes');
  const input = { keyhost: inProject('main/keyhost/index.ts'), 'guest-story': inProject('tests/vm/guest-story.ts') };
  const rolldownOptions = { ...main.config.build?.rolldownOptions, input };
  await build({ ...main.config, build: { ...main.config.build, rolldownOptions } });
}

/** Runs a command in the guest; what it prints is also shown, because it takes a while. */
function runInGuest(command: string): Promise<string> {
  const guest = spawn(inProject('scripts/vm/guest.sh'), ['run', outFolder, command], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  guest.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    guest.on('error', reject);
    guest.on('close', () => resolve(printed));
  });
}
