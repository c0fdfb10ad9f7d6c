// `firstkey doctor` as a process: under plain Node with the key host as it ships, the twin and virtual keys.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cliBench, documentOf, type CliBench, type Ended } from '../support/cli-bench.ts';

let bench: CliBench;

beforeAll(async () => {
  bench = await cliBench({ room: 'doctor' });
}, 60_000);
afterAll(() => bench.remove());
afterEach(() => bench.killAll());

const run = (...commandLine: readonly string[]): Promise<Ended> => bench.run(['--world=training', ...commandLine]);

interface Document {
  readonly schema: number;
  readonly findings: readonly { readonly code: string; readonly state: string; readonly link?: string }[];
}

describe('the doctor', () => {
  test('looks at the practice tenant and the practice keys', async () => {
    const ended = await run('--json', '--training-key', 'modern-a', '--training-key', 'u2f');
    expect(ended.errors).toBe('');
    const document = documentOf(ended) as unknown as Document;
    expect(document).toMatchObject({ schema: 1, exitCode: ended.exitCode, world: 'training', cloud: 'global' });
    const codes = document.findings.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining([
        'tenant.read',
        'rights.enough',
        'station.ready',
        'licence.premium',
        'clock.right',
        'host.reached',
        'keys.opened',
        'keys.unfit',
        'person.notNamed',
      ]),
    );
    expect(codes).not.toContain('host.shut');
    expect(ended.exitCode).toBe(document.findings.some(({ state }) => state === 'stop') ? 1 : 0);
  });

  test('says the same to people, in groups', async () => {
    const ended = await run();
    expect(ended.output).toMatch(/^(?:Stops people|Needs attention|Could not be looked at)\n/);
    expect(ended.output).toContain('keys.nonePlugged: No key is plugged in');
    expect(ended.output.indexOf('Could not be looked at')).toBeLessThan(ended.output.indexOf('\nGood\n'));
  });

  test('asks What-If for somebody who is named, and does not print the name', async () => {
    const ended = await run('--json', '--person', 'nobody@kestrelharbour.example');
    const codes = (documentOf(ended) as unknown as Document).findings.map(({ code }) => code);
    expect(codes).toContain('person.unread');
    expect(codes).not.toContain('person.notNamed');
    expect(ended.output).not.toContain('nobody@');
  });

  test('refuses what it does not understand, and repeats nothing of it', async () => {
    const ended = await run('--json', 'pLanted-4711');
    expect(ended.exitCode).toBe(2);
    expect(documentOf(ended)).toMatchObject({ ok: false, exitCode: 2, schema: 1 });
    expect(ended.output + ended.errors).not.toContain('pLanted');
    expect((await run('--help')).output).toContain('firstkey doctor [options]');
    expect((await run('--world', 'field')).exitCode).toBe(2);
    expect((await run('--training-key', 'nothing')).errors).toContain('modern-a');
  });
});

describe('the page for the policy owner', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firstkey-page-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is a file of its own beside the document, for its owner only', async () => {
    const file = path.join(folder, 'desk 7.html');
    const ended = await run('--json', '--page', file, '--language', 'nl');
    expect(ended.errors.trim()).toBe('The page is written.');
    const document = documentOf(ended) as unknown as Document & { tenant: { id: string; name: string } };
    expect(document.tenant).toEqual({ id: '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73', name: 'Kestrel Harbour' });
    expect([0, 1]).toContain(ended.exitCode);
    const page = await readFile(file, 'utf8');
    expect(page).toMatch(/^<!doctype html>\n<html lang="nl" dir="ltr">/);
    for (const said of ['Kestrel Harbour', document.tenant.id, 'Oefenen', '</html>']) expect(page).toContain(said);
    expect(page).not.toMatch(/<script|@import|src="|url\((?!data:)/u);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test('goes to standard output alone when it is asked for there', async () => {
    const ended = await run('--page', '-');
    expect(ended.output).toMatch(/^<!doctype html>\n/);
    expect(ended.output.trimEnd().endsWith('</html>')).toBe(true);
    expect(ended.output).not.toContain('keys.nonePlugged:');
    expect(ended.errors).toBe('');
  });

  test('is never written over anything, and nothing is looked at for a page without a place', async () => {
    const file = path.join(folder, 'kept.html');
    await writeFile(file, 'kept');
    const kept = await run('--json', '--page', file);
    expect(kept.exitCode).toBe(4);
    expect(documentOf(kept)).toMatchObject({ ok: false, exitCode: 4, says: expect.stringContaining('nothing is written over') });
    expect(kept.output).not.toContain(folder);
    expect(await readFile(file, 'utf8')).toBe('kept');
    const nowhere = await run('--page', path.join(folder, 'not there', 'a.html'));
    expect(nowhere).toMatchObject({ exitCode: 4, output: '' });
    expect(nowhere.errors).toContain('its folder is not there');
  });

  test('leaves no empty file behind when nothing was looked at', async () => {
    const file = path.join(folder, 'a.html');
    expect((await run('--page', file, '--training-key', 'nothing')).exitCode).toBe(2);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});
