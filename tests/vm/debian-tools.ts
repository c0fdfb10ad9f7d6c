// Debian's libfido2 tools and python3-fido2 on the same virtual key: programs that know nothing of us find it, set a PIN,
// make credentials, verify its attestation, list what it holds and erase it.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expectText, fails, succeeds } from './debian-program.ts';
import type { GuestKey } from './guest-key.ts';
import type { TapLines } from './tap-lines.ts';

const PIN = '4711-0815';
const RP_ID = 'debian.example';
const CLIENT_DATA_HASH = Buffer.alloc(32, 0x5a).toString('base64');
const USER_ID = Buffer.from('debian-user').toString('base64');

export interface DebianToolsOptions {
  readonly tap: TapLines;
  readonly guestKey: GuestKey;
  readonly workFolder: string;
  readonly pythonScript: string;
}

export async function debianTools({ tap, guestKey, workFolder, pythonScript }: DebianToolsOptions): Promise<void> {
  const file = (name: string) => path.join(workFolder, name);
  let device = '';

  await tap.step('fido2-token erases the key right after it was plugged in', async () => {
    device = await guestKey.plugIn();
    await succeeds(['fido2-token', '-R', device]);
    if (guestKey.key.inspection.isPinSet) throw new Error('the key still has its PIN');
  });
  await tap.step('fido2-token finds the key by its usage page', async () => {
    const output = await succeeds(['fido2-token', '-L']);
    expectText(output, `${device}: vendor=0x1209, product=0x0001`);
  });
  await tap.step('fido2-token reads getInfo', async () => {
    const output = await succeeds(['fido2-token', '-I', device]);
    for (const part of ['FIDO_2_1', 'hmac-secret', '46697273746b65798000000000000001', 'credMgmt', 'noclientPin']) {
      expectText(output, part);
    }
  });
  await tap.step('fido2-token sets a PIN', async () => {
    await succeeds(['fido2-token', '-S', device], [PIN, PIN]);
    if (!guestKey.key.inspection.isPinSet) throw new Error('the key has no PIN');
  });
  await tap.step('fido2-cred makes a discoverable credential', async () => {
    await writeFile(file('cred.in'), [CLIENT_DATA_HASH, RP_ID, 'debian@example', USER_ID, ''].join('\n'));
    await succeeds(['fido2-cred', '-M', '-r', '-v', '-h', '-i', file('cred.in'), '-o', file('cred.out'), device], [PIN]);
    if (guestKey.key.inspection.credentialIds.length !== 1) throw new Error('the key holds no credential');
  });
  await tap.step('fido2-cred verifies its attestation', async () => {
    await succeeds(['fido2-cred', '-V', '-v', '-h', '-i', file('cred.out'), '-o', file('cred.verified')]);
    expectText(await readFile(file('cred.verified'), 'utf8'), 'BEGIN PUBLIC KEY');
  });
  await tap.step('fido2-assert signs in with it and verifies the signature', async () => {
    const [, ...pem] = (await readFile(file('cred.verified'), 'utf8')).split('\n');
    await writeFile(file('public.pem'), pem.join('\n'));
    await writeFile(file('assert.in'), [CLIENT_DATA_HASH, RP_ID, ''].join('\n'));
    await succeeds(['fido2-assert', '-G', '-r', '-v', '-i', file('assert.in'), '-o', file('assert.out'), device], [PIN]);
    await succeeds(['fido2-assert', '-V', '-v', '-i', file('assert.out'), file('public.pem'), 'es256']);
  });
  await tap.step('fido2-token lists and counts what the key holds', async () => {
    const output = await succeeds(['fido2-token', '-L', '-r', device], [PIN]);
    expectText(output, RP_ID);
    expectText(await succeeds(['fido2-token', '-I', '-c', device], [PIN]), 'existing rk(s): 1');
  });
  await tap.step('fido2-token is told of a wrong PIN, and of the tries left', async () => {
    await fails(['fido2-token', '-L', '-r', device], ['9999']);
    expectText(await succeeds(['fido2-token', '-I', device]), 'pin retries: 7');
  });
  await tap.step('python3-fido2 makes, verifies, lists and deletes a credential', async () => {
    const output = await succeeds(['/usr/bin/python3', pythonScript, device, PIN]);
    expectText(output, 'python3-fido2: all well');
  });
  await tap.step('the key is let go', () => guestKey.pullOut());
}
