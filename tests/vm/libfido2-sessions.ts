// libfido2's tools on other kinds of keys than the modern one: PIN life, fingerprints, settings, keys of older standards, U2F,
// and one that libfido2 can't read. Each kind is a device of the kernel while its story lasts.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import type { KeyInspection } from '../../main/simulator/key/virtual-key.ts';
import { TRAINING_KEYS, TRAINING_PIN, type TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { expectText, fails, succeeds } from './debian-program.ts';
import { GuestKey } from './guest-key.ts';
import type { TapLines } from './tap-lines.ts';

const RP_ID = 'debian.example';
const CLIENT_DATA_HASH = Buffer.alloc(32, 0x5a).toString('base64');
const NEW_PIN = '31415926';

interface Session {
  readonly tap: TapLines;
  readonly workFolder: string;
}

/** One key for one story. */
interface Plugged {
  readonly guestKey: GuestKey;
  readonly device: string;
}

export async function libfido2Sessions(session: Session): Promise<void> {
  const { tap } = session;
  await withKey(TRAINING_KEYS.pinSet, ({ guestKey, device }) => pinLife(tap, guestKey, device));
  await withKey(TRAINING_KEYS.lastPinTry, ({ guestKey, device }) => lastTry(tap, guestKey, device));
  await withKey({ ...KEY_KINDS.fingerprint, memory: { pin: TRAINING_PIN } }, (plugged) => fingers(tap, plugged));
  await withKey({ ...KEY_KINDS.latest, memory: { pin: TRAINING_PIN } }, (plugged) => settings(tap, plugged));
  await withKey({ ...KEY_KINDS.preview21, memory: { pin: TRAINING_PIN } }, (plugged) => previewKey(session, plugged));
  await withKey({ ...KEY_KINDS.tinyMessages, memory: { pin: TRAINING_PIN } }, ({ device }) =>
    tap.step('libfido2 keeps to a key’s smallest messages and longest ids', () => registers(session, device)),
  );
  await withKey(KEY_KINDS.u2fOnly, (plugged) => u2fKey(session, plugged));
  await withKey(KEY_KINDS.unsorted, ({ device }) =>
    tap.step('libfido2 can’t read a key whose maps are out of order', async () => {
      const { output } = await readAnyhow(device);
      if (output.includes('FIDO_2_1')) throw new Error(`libfido2 read it:\n${output}`);
    }),
  );
}

async function pinLife(tap: TapLines, guestKey: GuestKey, first: string): Promise<void> {
  await tap.step('fido2-token changes the PIN', async () => {
    await succeeds(['fido2-token', '-C', first], [TRAINING_PIN, NEW_PIN, NEW_PIN]);
    await succeeds(['fido2-token', '-I', '-c', first], [NEW_PIN]);
  });
  await tap.step('three wrong PINs block it until it was pulled out, for the right PIN too', async () => {
    expectText(await fails(['fido2-token', '-I', '-c', first], ['0000']), 'FIDO_ERR_PIN_INVALID');
    await fails(['fido2-token', '-I', '-c', first], ['0001']);
    expectText(await fails(['fido2-token', '-I', '-c', first], ['0002']), 'FIDO_ERR_PIN_AUTH_BLOCKED');
    expectText(await fails(['fido2-token', '-I', '-c', first], [NEW_PIN]), 'FIDO_ERR_PIN_AUTH_BLOCKED');
    await guestKey.pullOut();
    const device = await guestKey.plugIn();
    await succeeds(['fido2-token', '-I', '-c', device], [NEW_PIN]);
    expectState(guestKey, { pinRetriesLeft: 8 });
  });
}

async function lastTry(tap: TapLines, guestKey: GuestKey, device: string): Promise<void> {
  await tap.step('the last wrong PIN locks the key for good; only a reset opens it', async () => {
    expectText(await fails(['fido2-token', '-L', '-r', device], ['0000']), 'FIDO_ERR_PIN_BLOCKED');
    expectText(await fails(['fido2-token', '-L', '-r', device], [TRAINING_PIN]), 'FIDO_ERR_PIN_BLOCKED');
    await succeeds(['fido2-token', '-R', device]);
    expectState(guestKey, { isPinSet: false, pinRetriesLeft: 8 });
  });
}

async function fingers(tap: TapLines, { guestKey, device }: Plugged): Promise<void> {
  let templateId = '';
  await tap.step('fido2-token enrols a finger, told of one sample that was too fast', async () => {
    guestKey.touches({ flaw: 'too-fast' }, { finger: 'left-thumb' });
    expectText(await succeeds(['fido2-token', '-S', '-e', device], [TRAINING_PIN]), 'Sample too fast', 'Sample ok');
    expectState(guestKey, { fingerNames: [undefined] });
  });
  await tap.step('fido2-token lists, names and removes it', async () => {
    const listed = await succeeds(['fido2-token', '-L', '-e', device], [TRAINING_PIN]);
    templateId = /^\d+: (\S+)/mu.exec(listed)?.[1] ?? '';
    await succeeds(['fido2-token', '-S', '-e', '-i', templateId, '-n', 'thumb', device], [TRAINING_PIN]);
    expectState(guestKey, { fingerNames: ['thumb'] });
    await succeeds(['fido2-token', '-D', '-e', '-i', templateId, device], [TRAINING_PIN]);
    expectState(guestKey, { fingerNames: [] });
  });
}

async function settings(tap: TapLines, { guestKey, device }: Plugged): Promise<void> {
  await tap.step('fido2-token turns always-UV on and off, and enterprise attestation on', async () => {
    await succeeds(['fido2-token', '-S', '-u', device], [TRAINING_PIN]);
    expectState(guestKey, { alwaysUv: true });
    await succeeds(['fido2-token', '-D', '-u', device], [TRAINING_PIN]);
    expectState(guestKey, { alwaysUv: false });
    await succeeds(['fido2-token', '-S', '-a', device], [TRAINING_PIN]);
    const info = await succeeds(['fido2-token', '-I', device]);
    expectText(info, 'noalwaysUv', 'perCredMgmtRO', 'maxrpids in minpinlen: 2');
    if (!/[ ,]ep[,\n]/u.test(info)) throw new Error(`enterprise attestation is off:\n${info}`);
  });
  await tap.step('fido2-token sets the minimum PIN length, and the PIN that is now too short is changed', async () => {
    await succeeds(['fido2-token', '-S', '-l', '8', device], [TRAINING_PIN]);
    expectState(guestKey, { minPinLength: 8, forcePinChange: true });
    expectText(await succeeds(['fido2-token', '-I', device]), 'minpinlen: 8', 'pin change required: true');
    await fails(['fido2-token', '-L', '-r', device], [TRAINING_PIN]);
    await succeeds(['fido2-token', '-C', device], [TRAINING_PIN, NEW_PIN, NEW_PIN]);
    expectState(guestKey, { forcePinChange: false });
  });
  await tap.step('fido2-token forces another change', async () => {
    await succeeds(['fido2-token', '-S', '-f', device], [NEW_PIN]);
    expectState(guestKey, { forcePinChange: true });
  });
}

async function previewKey(session: Session, { device }: Plugged): Promise<void> {
  await session.tap.step('libfido2 registers on a key of the 2.1 preview, lists it and deletes it there', async () => {
    await registers(session, device);
    const listed = await succeeds(['fido2-token', '-L', '-k', RP_ID, device], [TRAINING_PIN]);
    const id = /^\d+: (\S+)/mu.exec(listed)?.[1] ?? '';
    await succeeds(['fido2-token', '-D', '-i', id, device], [TRAINING_PIN]);
    expectText(await succeeds(['fido2-token', '-I', '-c', device], [TRAINING_PIN]), 'existing rk(s): 0');
  });
}

async function u2fKey({ tap, workFolder }: Session, { guestKey, device }: Plugged): Promise<void> {
  await tap.step('fido2-cred registers over U2F and verifies it, fido2-assert signs in and verifies it', async () => {
    const file = (name: string) => path.join(workFolder, name);
    await writeFile(file('u2f.in'), [CLIENT_DATA_HASH, RP_ID, 'person', Buffer.from('id').toString('base64'), ''].join('\n'));
    await succeeds(['fido2-cred', '-M', '-u', '-i', file('u2f.in'), '-o', file('u2f.made'), device]);
    expectState(guestKey, { u2fRegistrations: 1 });
    await succeeds(['fido2-cred', '-V', '-i', file('u2f.made'), '-o', file('u2f.verified')]);
    const [id = '', ...pem] = (await readFile(file('u2f.verified'), 'utf8')).split('\n');
    await writeFile(file('u2f.pem'), pem.join('\n'));
    await writeFile(file('u2f.ask'), [CLIENT_DATA_HASH, RP_ID, id, ''].join('\n'));
    await succeeds(['fido2-assert', '-G', '-u', '-p', '-i', file('u2f.ask'), '-o', file('u2f.signed'), device]);
    await succeeds(['fido2-assert', '-V', '-p', '-i', file('u2f.signed'), file('u2f.pem'), 'es256']);
  });
}

/** A discoverable credential, its attestation verified, found in the list. */
async function registers({ workFolder }: Session, device: string): Promise<void> {
  const file = (name: string) => path.join(workFolder, name);
  await writeFile(file('in'), [CLIENT_DATA_HASH, RP_ID, 'person', Buffer.from('id').toString('base64'), ''].join('\n'));
  await succeeds(['fido2-cred', '-M', '-r', '-i', file('in'), '-o', file('made'), device], [TRAINING_PIN]);
  await succeeds(['fido2-cred', '-V', '-i', file('made'), '-o', file('verified')]);
  expectText(await succeeds(['fido2-token', '-L', '-r', device], [TRAINING_PIN]), RP_ID);
}

async function readAnyhow(device: string): Promise<{ readonly output: string }> {
  return succeeds(['fido2-token', '-I', device]).then(
    (output) => ({ output }),
    (error: Error) => ({ output: error.message }),
  );
}

async function withKey(kind: TrainingKey, story: (plugged: Plugged) => Promise<void>): Promise<void> {
  const guestKey = await GuestKey.make(kind);
  const device = await guestKey.plugIn();
  await story({ guestKey, device });
  await guestKey.pullOut();
}

/** @throws when the key is in another state than this. */
function expectState({ key }: GuestKey, state: Partial<KeyInspection>): void {
  const found = key.inspection;
  for (const [name, value] of Object.entries(state)) {
    const is = JSON.stringify(found[name as keyof KeyInspection]);
    if (is !== JSON.stringify(value)) throw new Error(`${name} is ${is}, not ${JSON.stringify(value)}`);
  }
}
