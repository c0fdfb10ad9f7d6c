// A real kernel between the virtual key and everybody who talks to it. The guest runs one story; what it told is asserted
// here, and what our desk made there is judged
// by the twin that issued its options and, once more, by SimpleWebAuthn.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreationOptions, MadeCredential } from '../../main/ports/key.ts';
import { bundles } from '../../scripts/build/bundles.mjs';
import { cacheFolder, inProject, reportsFolder } from '../../scripts/set-up/places.mjs';
import { guestAttestation, guestFiles } from './guest-files.ts';
import { readTapLines, type TapResult } from './tap-lines.ts';
import { openTwinOutside, valueOf, type TwinOutside } from './twin-outside.ts';

const OUR_DESK = [
  'the key host sees a key that is plugged in',
  'it describes the key over hidraw',
  'it sets the first PIN',
  'it makes a credential for the options of the twin',
  'the key proves the credential',
  'a wrong PIN costs one try and is told',
  'pulling the key out while it blinks is told as removed',
  'plugged in again it is a new insertion and still works',
  'the kernel tells of keys that come and go, long before anybody would look',
  'the key host lets go of the key',
];
const DEBIAN = [
  'fido2-token erases the key right after it was plugged in',
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

const OTHER_KINDS = [
  'fido2-token changes the PIN',
  'three wrong PINs block it until it was pulled out, for the right PIN too',
  'the last wrong PIN locks the key for good; only a reset opens it',
  'fido2-token enrols a finger, told of one sample that was too fast',
  'fido2-token lists, names and removes it',
  'fido2-token turns always-UV on and off, and enterprise attestation on',
  'fido2-token sets the minimum PIN length, and the PIN that is now too short is changed',
  'fido2-token forces another change',
  'libfido2 registers on a key of the 2.1 preview, lists it and deletes it there',
  'libfido2 keeps to a key’s smallest messages and longest ids',
  'fido2-cred registers over U2F and verifies it, fido2-assert signs in and verifies it',
  'libfido2 can’t read a key whose maps are out of order',
  'python3-fido2 sets and changes a PIN under both protocols, and is told of a wrong one',
  'python3-fido2 makes credentials with extensions under both protocols',
  'python3-fido2 renames and deletes an account',
  'python3-fido2 enrols a finger, uses it instead of the PIN, and removes it',
  'python3-fido2 sets the minimum PIN length, tells it to a site, and turns always-UV on and off',
  'python3-fido2 registers and signs over U2F on the same key',
  'python3-fido2 resets the key, and all of it is gone',
];

const STATION = [
  'set-up’s accounts and rules are taken by systemd and udev',
  'a key that is plugged in belongs to the key service’s group',
  'the key service’s account opens it, the screen’s account can’t',
  'a keyboard on the public port is none for the screen',
  'systemd starts the key service behind the walls of its unit',
  'the desk’s account reaches the key through it, and in no other way',
];

const outFolder = path.join(reportsFolder, 'vm');
let bundleFolder: string;
let outside: TwinOutside;
let options: CreationOptions;
let results: readonly TapResult[] = [];
let output = '';

beforeAll(async () => {
  await mkdir(cacheFolder, { recursive: true });
  // Inside the project, where the bundle finds the native packages.
  bundleFolder = await mkdtemp(path.join(cacheFolder, 'guest-story-'));
  await bundleStory(bundleFolder);
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  outside = await openTwinOutside();
  options = valueOf(await outside.directory.creationOptions(call()));
  await writeFile(path.join(outFolder, guestFiles.options), JSON.stringify(options));
  const script = [
    process.execPath,
    path.join(bundleFolder, 'main/guest-story.js'),
    path.join(bundleFolder, 'main/keyhost.js'),
    inProject('tests/vm'),
    '"$OUT"',
  ];
  output = await runInGuest(script.join(' '));
  results = readTapLines(output);
});

afterAll(() => rm(bundleFolder, { recursive: true, force: true }));

describe('our desk, over node-hid and hidraw', () => {
  test.each(OUR_DESK)('%s', (name) => expectStep(name));

  test('the twin accepts what was made, and lists it', async () => {
    const made = await madeInGuest();
    valueOf(await outside.directory.registerKey(made, 'Key of the guest', call()));
    valueOf(await outside.directory.waitUntilListed(made, call()));
    expect(outside.twin.stage.credentials()).toMatchObject([{ attestationLevel: 'attested', aaguid: made.aaguid }]);
  });

  test('SimpleWebAuthn verifies it, against the training root alone', async () => {
    const made = await madeInGuest();
    const { rootCertificatePem } = await guestAttestation();
    SettingsService.setRootCertificates({ identifier: 'packed', certificates: [rootCertificatePem] });
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: made.credentialIdB64u,
        rawId: made.credentialIdB64u,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: made.clientDataJsonB64u, attestationObject: made.attestationObjectB64u },
      },
      expectedChallenge: options.challengeB64u,
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

describe('Debian’s own programs, on keys of other kinds', () => {
  test.each(OTHER_KINDS)('%s', (name) => expectStep(name));
});

describe('a station’s accounts, rules and unit', () => {
  test.each(STATION)('%s', (name) => expectStep(name));
});

test('the guest told of nothing else', () => {
  expect(results.map(({ name }) => name)).toEqual([...OUR_DESK, ...DEBIAN, ...OTHER_KINDS, ...STATION]);
});

function expectStep(name: string): void {
  const step = results.find((result) => result.name === name);
  if (step === undefined) throw new Error(`the guest never came to this step:\n${output}`);
  expect(step.ok, step.details).toBe(true);
}

async function madeInGuest(): Promise<MadeCredential> {
  return JSON.parse(await readFile(path.join(outFolder, guestFiles.made), 'utf8')) as MadeCredential;
}

function call() {
  return { signal: new AbortController().signal, deadlineMs: 60_000 };
}

/** The story, the key host and the key service, built as the application is. */
async function bundleStory(folder: string): Promise<void> {
  const [main, service] = ['main', 'key-service'].map((wanted) => bundles(folder).find(({ name }) => name === wanted));
  if (main === undefined || service === undefined) throw new Error('there is no bundle of the main processes or of the service');
  const input = {
    keyhost: inProject('main/keyhost/index.ts'),
    'guest-story': fileURLToPath(import.meta.resolve('./guest-story.ts')),
    'station-desk': fileURLToPath(import.meta.resolve('./station-desk.ts')),
  };
  const rolldownOptions = { ...main.config.build?.rolldownOptions, input };
  await build({ ...main.config, build: { ...main.config.build, rolldownOptions } });
  await build(service.config);
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
