// `firstkey doctor` as a process: under plain Node with the key host as it ships, the twin and virtual keys.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
