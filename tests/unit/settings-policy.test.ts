// Managed policy on the three systems: Linux from real files, Windows and macOS from what their own programs are documented to
// say. docs/verification.md tells how to try the two on a machine.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLinuxPolicy } from '../../main/adapters/settings-file/policy/linux-policy.ts';
import { readMacPolicy } from '../../main/adapters/settings-file/policy/mac-policy.ts';
import type { PolicyReading, RunProgram, SystemProgram } from '../../main/adapters/settings-file/policy/policy-reading.ts';
import { readWindowsPolicy } from '../../main/adapters/settings-file/policy/windows-policy.ts';
import { problemLine } from '../../main/adapters/settings-file/settings-problem.ts';

const own = process.getuid?.() ?? 0;

const valuesOf = (reading: PolicyReading): object =>
  reading.ok
    ? Object.fromEntries([...reading.layer].map(([name, { value }]) => [name, value]))
    : { problems: reading.problems.map(problemLine) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'firstkey-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(process.platform !== 'win32')('Linux', () => {
  const put = (name: string, content: string): void => writeFileSync(path.join(folder, name), content);
  const read = () => valuesOf(readLinuxPolicy({ folder, owners: [0, own] }));

  test('nothing there is no policy', () => {
    expect(valuesOf(readLinuxPolicy({ folder: path.join(folder, 'none'), owners: [0, own] }))).toEqual({});
    expect(read()).toEqual({});
  });

  test('every file says its part; what is no .json says nothing', () => {
    put('10-trust.json', '{"settingsKeys": ["a"], "$schema": "./settings.schema.json"}');
    put('20-desk.json', '{"contact": "Room 9"}');
    put('30-old.json.bak', '{"contact": "Room 1"}');
    expect(read()).toEqual({ settingsKeys: ['a'], contact: 'Room 9' });
  });

  test('two that say the same are a mistake, and so is every file that is no policy', () => {
    put('10.json', '{"contact": "Room 9"}');
    put('20.json', '{\n  "contact": "Room 9"}');
    put('30.json', '[]');
    put('40.json', '{"a":1,"a":2}');
    symlinkSync(path.join(folder, '10.json'), path.join(folder, '50.json'));
    put('60.json', '{"b":1}');
    chmodSync(path.join(folder, '60.json'), 0o602);
    expect(read()).toEqual({
      problems: [
        '20.json:2:3: contact: stands in 10.json too.',
        '30.json: The document must be an object with settings as its members.',
        '40.json:1:8: a: stands here a second time.',
        '50.json: is a link, or lies behind one. Put the file itself there.',
        '60.json: can be written by other accounts. Take that right away.',
      ],
    });
  });

  test.runIf(own === 0)('only root may have written it', () => {
    put('10.json', '{"contact": "Room 9"}');
    chownSync(path.join(folder, '10.json'), 65_534, 65_534);
    expect(valuesOf(readLinuxPolicy({ folder, owners: [0] }))).toEqual({
      problems: ['10.json: belongs to another account. Its owner must be root.'],
    });
  });

  test('a folder that is a file can’t be listed, and a flood of files is none', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(valuesOf(readLinuxPolicy({ folder: path.join(folder, 'file'), owners: [0, own] }))).toHaveProperty('problems');
    for (let count = 0; count < 65; count += 1) put(`${count}.json`, '{}');
    expect(read()).toEqual({ problems: [expect.stringContaining('more than 64 files')] });
  });
});

describe('Windows', () => {
  const reg = String.raw`C:\Windows\System32\reg.exe`;
  const root = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Firstkey`;
  // As `reg query HKLM\SOFTWARE\Policies` prints it.
  const listing = (...keys: readonly string[]): string =>
    ['', ...keys.map((key) => String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies` + `\\${key}`), ''].join('\r\n');
  const exported = (...lines: readonly string[]): Uint8Array =>
    Buffer.from(`\uFEFF${['Windows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n')}`, 'utf16le');

  function read(listed: string | null, file: Uint8Array | null) {
    const asked: SystemProgram[] = [];
    const run: RunProgram = (program) => {
      asked.push(program);
      return listed === null ? null : { exitCode: 0, output: Buffer.from(listed, 'latin1') };
    };
    const written = (program: (name: string) => void) => {
      program('policy.reg');
      return file;
    };
    return { values: valuesOf(readWindowsPolicy({ reg, run, written })), asked };
  }
  const values = (...lines: readonly string[]) => read(listing('Firstkey'), exported(`[${root}]`, ...lines)).values;

  test('without the key there is no policy, and nothing is exported', () => {
    const { values: none, asked } = read(listing('Adobe', 'Firstkeyring', 'Microsoft'), null);
    expect(none).toEqual({});
    expect(asked).toEqual([{ program: reg, words: ['query', String.raw`HKLM\SOFTWARE\Policies`, '/reg:64'] }]);
  });

  test('texts, switches, numbers and lists come as settings want them', () => {
    const multi = Buffer.from('self\0portal\0\0', 'utf16le').toString('hex').match(/../g)?.join(',') ?? '';
    expect(
      values(
        '"contact"="B\\\\üro \\"Süd\\", 0.12"',
        '"litPorts"=dword:00000001',
        '"wantedPhone"=dword:00000000',
        '"idleMs"=dword:0001d4c0',
        '"idleAwayMs"="240000"',
        '"settingsKeys"="MCowBQYDK2VwAyEA"',
        '"leastSettingsVersion"=hex(b):01,02,00,00,00,01,00,00',
        `"registrationRoutes"=hex(7):${multi.slice(0, 30)}\\`,
        `  ${multi.slice(30)}`,
      ),
    ).toEqual({
      contact: 'B\\üro "Süd", 0.12',
      litPorts: true,
      wantedPhone: false,
      idleMs: 120_000,
      idleAwayMs: 240_000,
      settingsKeys: ['MCowBQYDK2VwAyEA'],
      leastSettingsVersion: 1_099_511_628_289,
      registrationRoutes: ['self', 'portal'],
    });
  });

  test('a number where there is no switch stays a number, for the schema to refuse', () => {
    expect(values('"contact"=dword:00000001')).toEqual({ contact: 1 });
    expect(values('"litPorts"=dword:00000002')).toEqual({ litPorts: 2 });
  });

  test('a key below is an object', () => {
    const bytes = exported(`[${root}]`, '"contact"="a"', '', `[${root}\\below]`, '"more"=dword:00000005');
    expect(read(listing('Firstkey'), bytes).values).toEqual({ contact: 'a', below: { more: 5 } });
  });

  test.each<[string, string | null, Uint8Array | null]>([
    ['reg.exe may not run', null, null],
    ['reg.exe wrote nothing', listing('Firstkey'), null],
    ['it is text of another kind', listing('Firstkey'), Buffer.from('Windows Registry Editor Version 5.00\r\n')],
    ['it is half a sign', listing('Firstkey'), Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
    ['it is of another version', listing('Firstkey'), Buffer.from('\uFEFFREGEDIT4\r\n', 'utf16le')],
    ['it holds another key', listing('Firstkey'), exported(String.raw`[HKEY_LOCAL_MACHINE\SOFTWARE\Other]`, '"contact"="a"')],
    ['it holds a key that only begins like ours', listing('Firstkey'), exported(`[${root}ring]`, '"contact"="a"')],
    ['it holds a default value', listing('Firstkey'), exported(`[${root}]`, '@="a"')],
    ['it holds bytes', listing('Firstkey'), exported(`[${root}]`, '"contact"=hex:01,02')],
    ['it holds a number too large', listing('Firstkey'), exported(`[${root}]`, '"idleMs"=hex(b):ff,ff,ff,ff,ff,ff,ff,ff')],
    ['it says something twice', listing('Firstkey'), exported(`[${root}]`, '"contact"="a"', '"contact"="b"')],
    ['it has a value that expands', listing('Firstkey'), exported(`[${root}]`, '"contact"=hex(2):25,00,61,00,25,00,00,00')],
    ['it has a section before its own', listing('Firstkey'), exported('"contact"="a"', `[${root}]`)],
  ])('where %s, the policy is unreadable and not empty', (_what, listed, file) => {
    expect(read(listed, file).values).toEqual({ problems: [expect.stringMatching(/^HKLM\\SOFTWARE\\Policies/)] });
  });
});

describe.runIf(process.platform !== 'win32')('macOS', () => {
  const file = () => path.join(folder, 'firstkey.desk.plist');
  const read = (end: ReturnType<RunProgram>) => {
    const asked: SystemProgram[] = [];
    const run: RunProgram = (program) => {
      asked.push(program);
      return end;
    };
    return { values: valuesOf(readMacPolicy({ file: file(), owners: [0, own], run })), asked };
  };
  const json = (text: string) => ({ exitCode: 0, output: new TextEncoder().encode(text) });

  test('no profile is no policy, and no program runs', () => {
    expect(read(null)).toEqual({ values: {}, asked: [] });
  });

  test('plutil gets the very bytes that were looked at', () => {
    writeFileSync(file(), 'bplist00 …');
    const { values, asked } = read(json('{"contact":"Room 9","litPorts":1,"settingsKeys":"abc"}'));
    expect(values).toEqual({ contact: 'Room 9', litPorts: true, settingsKeys: ['abc'] });
    expect(asked).toEqual([
      {
        program: '/usr/bin/plutil',
        words: ['-convert', 'json', '-o', '-', '--', '-'],
        input: new Uint8Array(Buffer.from('bplist00 …')),
      },
    ]);
  });

  test.each<[string, ReturnType<RunProgram>]>([
    ['plutil may not run', null],
    ['plutil refuses it', { exitCode: 1, output: new Uint8Array() }],
    ['plutil says something else', json('<plist>')],
    ['it is a list', json('[]')],
  ])('where %s, the policy is unreadable and not empty', (_what, end) => {
    writeFileSync(file(), 'x');
    expect(read(end).values).toEqual({ problems: [expect.stringMatching(/^Managed Preferences: /)] });
  });

  test('what others may write is no policy', () => {
    mkdirSync(path.join(folder, 'open'));
    writeFileSync(file(), 'x');
    chmodSync(file(), 0o666);
    expect(read(json('{}')).values).toEqual({
      problems: ['Managed Preferences: can be written by other accounts. Take that right away.'],
    });
  });
});
