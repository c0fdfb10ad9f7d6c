// `firstkey settings` as a process, and the desk's own places: a whole /etc of the test's own stands where the machine's is, so that
// root's files, strangers' files and what lies between are real.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cliBench, documentOf, type CliBench, type Ended } from '../support/cli-bench.ts';

const stranger = 65_534;
const field = {
  world: 'field',
  contact: 'Room 0.12',
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: '66666666-7777-8888-9999-000000000000',
};

let stand: string;
let bench: CliBench;
const inStand = (...names: readonly string[]): string => path.join(stand, ...names);

beforeAll(async () => {
  stand = mkdtempSync(path.join(tmpdir(), 'firstkey-settings-'));
  cpSync('/etc', inStand('etc'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (name) => !statSync(name, { throwIfNoEntry: false })?.isSocket(),
  });
  bench = await cliBench({
    room: 'settings',
    inside: ['unshare', '--mount', 'sh', '-c', `mount --bind ${inStand('etc')} /etc && exec "$@"`, 'sh'],
  });
}, 60_000);
afterAll(async () => {
  rmSync(stand, { recursive: true, force: true });
  await bench.remove();
});
beforeEach(() => mkdirSync(inStand('etc/firstkey/policies/managed'), { recursive: true }));
afterEach(() => {
  bench.killAll();
  rmSync(inStand('etc/firstkey'), { recursive: true, force: true });
});

const run = (...commandLine: readonly string[]): Promise<Ended> => bench.run(commandLine);
const put = (name: string, content: object | string): string => {
  const file = inStand(name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const check = async (): Promise<Record<string, unknown>> => documentOf(await run('check', '--json'));

/** A key of the command's own making, and how desks know it. */
async function newKey(name: string, ...more: readonly string[]): Promise<{ readonly file: string; readonly publicKey: string }> {
  const file = inStand(name);
  rmSync(file, { force: true });
  const made = await run('keygen', '--out', file, '--json', ...more);
  return { file, publicKey: String(documentOf(made)['publicKey']) };
}

// Another /etc needs the right to mount.
describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('firstkey settings', () => {
  test('makes a key, signs, and a desk that knows the key takes it', async () => {
    const { file: key, publicKey } = await newKey('key.pem');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect((await run('keygen', '--out', key)).exitCode).toBe(3);

    const plain = put('plain.json', { $schema: './settings.schema.json', ...field });
    const draft = await run('check', plain);
    expect(draft).toMatchObject({ exitCode: 0, errors: '' });
    expect(draft.output).toContain('Not signed');

    const signed = await run(
      'sign',
      plain,
      '--key',
      key,
      '--version',
      '7',
      '--not-after',
      '2099-01-01',
      '--out',
      inStand('etc/firstkey/settings.json'),
    );
    expect(signed).toMatchObject({ exitCode: 0, output: '' });
    expect(signed.errors).toContain('Signed version 7 for every desk');
    // Nobody has told this desk whom to believe.
    expect(await check()).toMatchObject({ ok: false, reason: 'desk.settingsNotTrusted', detail: 'noKeys', settings: {} });
    put('etc/firstkey/policies/managed/trust.json', { settingsKeys: [publicKey], litPorts: true });
    expect(await check()).toMatchObject({
      ok: true,
      signature: { version: 7 },
      settings: {
        world: { value: 'field', source: 'file' },
        litPorts: { value: true, source: 'managed' },
        idleMs: { source: 'default' },
      },
    });
    const told = await run('check');
    expect(told.exitCode).toBe(0);
    expect(told.output).toMatch(/managed {2}litPorts +true[^]*file +world +"field"[^]*default {2}/);
  });

  test('lets two people sign the same file, with keys of both kinds', async () => {
    const [ada, grace] = [await newKey('ada.pem'), await newKey('grace.pem', '--p256')];
    const once = await run('sign', put('plain.json', field), '--key', ada.file, '--desk-group', 'oslo');
    const twice = await run('sign', put('once.json', once.output), '--key', grace.file);
    put('etc/firstkey/settings.json', twice.output);
    const trust = { settingsKeys: [ada.publicKey, grace.publicKey], settingsSignatures: 2, deskGroup: 'oslo' };
    put('etc/firstkey/policies/managed/trust.json', trust);
    expect(await check()).toMatchObject({ ok: true, signature: { keyIds: [expect.anything(), expect.anything()] } });
    put('etc/firstkey/settings.json', once.output);
    expect(await check()).toMatchObject({ reason: 'desk.settingsNotTrusted', detail: 'tooFewSignatures' });
    const again = await run('sign', inStand('once.json'), '--key', grace.file, '--version', '9');
    expect(again.exitCode).toBe(1);
  });

  test('looks at a file with a key that is given, wherever it lies', async () => {
    const [ada, other] = [await newKey('ada.pem'), await newKey('other.pem')];
    const file = put('signed.json', (await run('sign', put('plain.json', field), '--key', ada.file)).output);
    expect(documentOf(await run('check', file, '--key', ada.file, '--json'))).toMatchObject({ ok: true, draft: false });
    expect(documentOf(await run('check', file, '--key', other.file, '--json'))).toMatchObject({ detail: 'unknownKey' });
    expect(documentOf(await run('check', file, '--json'))).toMatchObject({ detail: 'noKeys' });
    expect((await run('check', file, '--key', file)).exitCode).toBe(2);
  });

  test('says everything that is wrong, with its place, and signs none of it', async () => {
    const { file: key } = await newKey('key.pem');
    const file = put('plain.json', '{\n  "minPinLenght": 8,\n  "idleMs": 90\n}');
    const checked = await run('check', file);
    expect(checked.exitCode).toBe(1);
    expect(checked.output).toContain('plain.json:2:3: minPinLenght: there is no such setting.\n');
    expect(checked.output).toContain('plain.json:3:3: idleMs: must be a whole number of milliseconds');
    const signed = await run('sign', file, '--key', key, '--out', inStand('never.json'));
    expect(signed.exitCode).toBe(1);
    expect(signed.errors).toContain('plain.json:2:3: minPinLenght');
    expect(existsSync(inStand('never.json'))).toBe(false);
  });

  test('signs with no key that others may read, and with no other kind of key', async () => {
    const { file: key } = await newKey('key.pem');
    const plain = put('plain.json', field);
    chmodSync(key, 0o640);
    expect((await run('sign', plain, '--key', key)).errors).toContain('Others may read the key');
    chmodSync(plain, 0o600);
    expect((await run('sign', plain, '--key', plain)).errors).toContain('no private key');
    expect((await run('sign', plain, '--key', inStand('none.pem'))).exitCode).toBe(2);
  });

  test.each<[string, () => void, string]>([
    ['a stranger’s file', () => chownSync(put('etc/firstkey/settings.json', '{}'), stranger, stranger), 'foreignOwner'],
    ['a file that everybody may write', () => chmodSync(put('etc/firstkey/settings.json', '{}'), 0o666), 'writableByOthers'],
    [
      'a stranger’s folder',
      () => {
        put('etc/firstkey/settings.json', '{}');
        chownSync(inStand('etc/firstkey'), stranger, stranger);
      },
      'folderForeignOwner',
    ],
    ['a link', () => symlinkSync(put('etc/firstkey/other.json', '{}'), inStand('etc/firstkey/settings.json')), 'symlink'],
    [
      'a name given twice',
      () => void put('etc/firstkey/settings.json', '{"world":"training",\n"world":"field"}'),
      'duplicateName world 2:1',
    ],
    ['an unsigned field', () => void put('etc/firstkey/settings.json', field), 'world field'],
  ])('would have a desk refuse %s', async (_what, make, detail) => {
    make();
    expect(await check()).toMatchObject({ ok: false, exitCode: 1, detail, settings: {} });
  });

  test('takes no policy that is not root’s', async () => {
    chownSync(put('etc/firstkey/policies/managed/trust.json', { contact: 'Mallory' }), stranger, stranger);
    expect(await check()).toMatchObject({ reason: 'desk.settingsUnreadable', detail: 'foreignOwner' });
    expect(readFileSync(inStand('etc/firstkey/policies/managed/trust.json'), 'utf8')).toContain('Mallory');
  });
});
