// The doctor's words, documents and exit codes, and what its arguments may be.
import { describe, expect, test } from 'vitest';
import { checkCodes, stateOf, type DoctorReport, type Finding } from '../../contract/doctor.ts';
import { foretoldCodes } from '../../contract/foretold.ts';
import { because } from '../../contract/reason.ts';
import { parseDoctorArguments } from '../../main/cli/doctor-arguments.ts';
import { doctorDocument, doctorExitCode, doctorText } from '../../main/cli/wording/doctor-report.ts';
import { findingWords } from '../../main/cli/wording/doctor-words.ts';

const report = (...findings: readonly Finding[]): DoctorReport => ({
  world: 'field',
  cloud: 'global',
  tenant: { id: '7f1c2b1e-52a4-4d39-9c3a-3d1f0a9be6c4', name: 'Contoso' },
  desk: { machine: 'DESK-07', contact: 'room 0.12' },
  atMs: Date.parse('2026-11-23T09:00:00Z'),
  findings,
});
const check = (code: (typeof checkCodes)[number], evidence: object = {}): Finding => ({ kind: 'check', code, evidence });

describe('words', () => {
  test('every finding there can be has them, and only the good needs no cure', () => {
    const foretellings = foretoldCodes.map((code): Finding => ({
      kind: 'foretold',
      foretold: { code, weight: 'warns', certainty: 'likely' },
      who: ['onceKey', 'person'],
    }));
    for (const finding of [...checkCodes.map((code) => check(code)), ...foretellings]) {
      const words = findingWords(finding, { cloud: 'global' });
      expect(words.what.length).toBeGreaterThan(5);
      expect(words.cure === null).toBe(stateOf(finding) === 'good');
    }
  });

  test('facts come as they were found', () => {
    const reason = because('network.captivePortal', { status: 511 });
    const shut = findingWords(check('host.shut', { host: 'graph.microsoft.com', reason }), { cloud: 'global' });
    expect(shut.facts[0]).toBe('graph.microsoft.com');
    expect(shut.facts[1]).toContain('network.captivePortal');
    expect(findingWords(check('clock.off', { seconds: -45 }), { cloud: 'global' }).facts).toEqual(['-45 s']);
    const ending = check('station.ending', { atMs: Date.parse('2026-12-01T10:00:00Z') });
    expect(findingWords(ending, { cloud: 'global' }).facts).toEqual(['2026-12-01']);
    expect(findingWords(check('tenant.partUnread', { part: 'accessPolicies' }), { cloud: 'global' }).facts).toEqual([
      'Conditional Access',
    ]);
  });

  test('a cure says its setting and the value, from the menu down', () => {
    const off = check('pass.onceOnly');
    expect(findingWords(off, { cloud: 'global' }).setting).toEqual({
      path: ['Entra ID', 'Authentication methods', 'Policies', 'Temporary Access Pass', 'Configure', 'Require one-time use'],
      value: 'No',
    });
    const text = doctorText(report(off));
    expect(text).toMatch(/setting +Entra ID > Authentication methods > Policies > .* > Require one-time use\n +set it to +No\n/);
    expect(JSON.parse(doctorDocument(report(off)))).toMatchObject({
      tenant: { name: 'Contoso' },
      desk: { machine: 'DESK-07' },
      findings: [{ setting: { value: 'No' } }],
    });
  });

  test('a name of the tenant’s moves no terminal about', () => {
    const text = doctorText(report(check('whatIf.stops', { names: ['a\u001b[2Jb\u202e'] })));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(text).toContain(String.raw`a\u{1b}[2Jb`);
  });
});

describe('the exit code', () => {
  test.each([
    [0, [check('tenant.read'), check('licence.none'), check('person.notNamed')]],
    [1, [check('clock.wrong'), check('tenant.unread')]],
    [3, [check('tenant.noStation'), check('host.reached')]],
    [3, [check('station.notReady')]],
    [3, [check('tenant.unread')]],
  ])('%i', (exitCode, findings) => {
    expect(doctorExitCode(report(...findings))).toBe(exitCode);
    expect(JSON.parse(doctorDocument(report(...findings)))).toMatchObject({ exitCode, ok: exitCode === 0, schema: 1 });
  });
});

describe('arguments', () => {
  test('that are understood', () => {
    expect(parseDoctorArguments([])).toEqual({
      kind: 'run',
      options: { json: false, person: null, page: null, language: 'en', training: false, trainingKeys: [] },
    });
    expect(parseDoctorArguments(['--person', 'a@b.example', '--json', '--world=training', '--training-key=u2f'])).toEqual({
      kind: 'run',
      options: { json: true, person: 'a@b.example', page: null, language: 'en', training: true, trainingKeys: ['u2f'] },
    });
    expect(parseDoctorArguments(['--page', 'desk 7.HTML', '--language=ar', '--json'])).toMatchObject({
      options: { page: 'desk 7.HTML', language: 'ar', json: true },
    });
    expect(parseDoctorArguments(['--page', '-'])).toMatchObject({ options: { page: '-' } });
    expect(parseDoctorArguments(['--json', '--help'])).toEqual({ kind: 'help' });
  });

  test.each([
    [['word']],
    [['--person']],
    [['--person', '--json']],
    [['--person', 'a b']],
    [['--person=a/../b']],
    [['--world=field']],
    [['--pin=123456']],
    [['--page']],
    [['--page', '--json']],
    [['--page', '/etc/firstkey/settings.json']],
    [['--page', '-', '--json']],
    [['--page', 'a.html', '--language', 'de']],
    [['--language', 'nl']],
    [['--person', '-']],
  ])('%o is not', (given) => {
    const parsed = parseDoctorArguments(given);
    expect(parsed.kind).toBe('usage');
    expect(JSON.stringify(parsed)).not.toContain('123456');
  });
});
