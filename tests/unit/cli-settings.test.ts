// `firstkey settings`: what its arguments may be, and what it says to people and to scripts.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { because } from '../../contract/reason.ts';
import { parseSettingsArguments } from '../../main/cli/settings-arguments.ts';
import { settingsHelp } from '../../main/cli/wording/help.ts';
import { checkDocument, checkText, settingsExitCodes, type SettingsCheckReport } from '../../main/cli/wording/settings-report.ts';

const commandOf = (...given: readonly string[]) => {
  const parsed = parseSettingsArguments(given);
  return parsed.kind === 'run' ? parsed.command : parsed;
};

describe('arguments', () => {
  test('that are understood', () => {
    expect(commandOf('check')).toEqual({ command: 'check', file: null, keys: [] });
    expect(commandOf('check', 'a.json', '--key', 'one.pem', '--key=two.pem')).toEqual({
      command: 'check',
      file: 'a.json',
      keys: ['one.pem', 'two.pem'],
    });
    expect(commandOf('sign', 'a.json', '--key', 'k.pem')).toEqual({
      command: 'sign',
      file: 'a.json',
      key: 'k.pem',
      out: null,
      version: null,
      notAfterMs: null,
      graceDays: null,
      deskGroups: null,
    });
    expect(
      commandOf(
        ...['sign', 'a.json', '--key=k.pem', '--out=b.json', '--version=7', '--not-after', '2027-05-22'],
        ...['--grace-days=0', '--desk-group=oslo', '--desk-group', 'berlin'],
      ),
    ).toMatchObject({
      out: 'b.json',
      version: 7,
      notAfterMs: Date.parse('2027-05-22'),
      graceDays: 0,
      deskGroups: ['oslo', 'berlin'],
    });
    expect(commandOf('keygen', '--out=k.pem')).toEqual({ command: 'keygen', out: 'k.pem', algorithm: 'Ed25519' });
    expect(commandOf('keygen', '--out=k.pem', '--p256')).toMatchObject({ algorithm: 'ES256' });
    expect(parseSettingsArguments([])).toEqual({ kind: 'help' });
    expect(parseSettingsArguments(['sign', '--help'])).toEqual({ kind: 'help' });
  });

  test.each([
    [['word']],
    [['check', 'a', 'b']],
    [['check', '--version=1', 'a']],
    [['sign', '--key=k']],
    [['sign', 'a.json']],
    [['sign', 'a.json', '--key=k', '--key=l']],
    [['sign', 'a.json', '--key=']],
    [['sign', 'a.json', '--key=k', '--version=0']],
    [['sign', 'a.json', '--key=k', '--version=99999999999999999']],
    [['sign', 'a.json', '--key=k', '--grace-days=91']],
    [['sign', 'a.json', '--key=k', '--not-after=tomorrow']],
    [['sign', 'a.json', '--key=k', '--not-after=2027-13-01']],
    [['sign', 'a.json', '--key=k', '--p256']],
    [['keygen']],
    [['keygen', 'k.pem']],
    [['check', '--pLanted-4711']],
  ])('%o is refused without being repeated', (given) => {
    const parsed = parseSettingsArguments(given);
    expect(parsed).toMatchObject({ kind: 'usage', json: false });
    expect(JSON.stringify(parsed)).not.toContain('pLanted');
  });
});

describe('a report', () => {
  const report: SettingsCheckReport = {
    refused: because('desk.settingsOld', { statusName: 'version 3 before 5' }),
    problems: [],
    settings: [
      { name: 'litPorts', value: false, source: 'default' },
      { name: 'contact', value: 'Room\u001b[2J', source: 'file' },
      { name: 'world', value: 'field', source: 'managed' },
    ],
    seal: {
      version: 5,
      keyIds: ['abc'],
      issuedAtMs: 0,
      notAfterMs: Date.parse('2027-05-01'),
      servesUntilMs: Date.parse('2027-05-15'),
    },
    draft: false,
  };

  test('says what is refused, what goes on, and where each value comes from', () => {
    const text = checkText(report);
    expect(text).toContain('desk.settingsOld: settings of a version this desk has left behind; version 3 before 5');
    expect(text).toContain(
      'The last good settings go on:\nSigned: version 5, to be replaced before 2027-05-01, used until 2027-05-15',
    );
    expect(text.indexOf('managed  world')).toBeLessThan(text.indexOf('file     contact'));
    expect(text).not.toContain('\u001b');
  });

  test('is a document for scripts', () => {
    expect(JSON.parse(checkDocument(report))).toMatchObject({
      schema: 1,
      ok: false,
      exitCode: 1,
      reason: 'desk.settingsOld',
      detail: 'version 3 before 5',
      signature: { version: 5, keyIds: ['abc'], notAfter: '2027-05-01T00:00:00.000Z' },
      settings: { world: { value: 'field', source: 'managed' } },
    });
  });

  test('docs/command-line.md names every command, option and exit code', async () => {
    const page = await readFile(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('\n# The settings\n');
    const named = settingsHelp.match(/^ {2}(?:--[a-z-]+|check|sign|keygen)/gm) ?? [];
    expect(named.length).toBeGreaterThan(8);
    expect(named.map((one) => one.trim()).filter((one) => !section.includes(`\`${one}`))).toEqual([]);
    const codes = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(settingsExitCodes));
  });
});
