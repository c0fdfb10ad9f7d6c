// A settings file as somebody may have made it to harm: what it is on disk, and what its bytes are.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCarefully } from '../../main/adapters/settings-file/document/careful-file.ts';
import { parseDocument } from '../../main/adapters/settings-file/document/json-document.ts';
import { problemCode, problemLine } from '../../main/adapters/settings-file/settings-problem.ts';
import { readOf } from '../support/settings-scene.ts';

const own = process.getuid?.() ?? 0;
const isRoot = own === 0;
const stranger = 65_534;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'firstkey-settings-'));
  file = path.join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readFile = (mostBytes = 1_000) => readCarefully(file, { mostBytes, owners: [0, own] });
const troubleOf = () => {
  const reading = readFile();
  return reading.ok ? 'none' : reading.trouble;
};

describe.runIf(process.platform !== 'win32')('a file', () => {
  test('of nobody else’s is read whole', () => {
    writeFileSync(file, '{"litPorts":true}');
    const reading = readFile();
    expect(reading.ok && new TextDecoder().decode(reading.bytes)).toBe('{"litPorts":true}');
  });

  test('is read up to its bound and not a byte more', () => {
    writeFileSync(file, 'x'.repeat(1_000));
    expect(troubleOf()).toBe('none');
    appendFileSync(file, 'x');
    expect(troubleOf()).toBe('tooLarge');
    truncateSync(file, 3 * 2 ** 40); // A hole of three terabytes
    expect(troubleOf()).toBe('tooLarge');
  });

  test.each<[string, () => void, string]>([
    ['that is not there', () => undefined, 'missing'],
    ['that is a folder', () => mkdirSync(file), 'notAFile'],
    ['that is a pipe nobody writes into', () => execFileSync('mkfifo', [file]), 'notAFile'],
    ['that is a link to a device', () => symlinkSync('/dev/zero', file), 'symlink'],
    [
      'that is a link to a good one',
      () => {
        writeFileSync(path.join(folder, 'other.json'), '{}');
        symlinkSync(path.join(folder, 'other.json'), file);
      },
      'symlink',
    ],
    [
      'that everybody may write',
      () => {
        writeFileSync(file, '{}');
        chmodSync(file, 0o646);
      },
      'writableByOthers',
    ],
    [
      'in a folder that everybody may write',
      () => {
        writeFileSync(file, '{}');
        chmodSync(folder, 0o777);
      },
      'folderWritableByOthers',
    ],
  ])('%s is refused by name', (_what, make, trouble) => {
    make();
    expect(troubleOf()).toBe(trouble);
  });

  test('behind a link in its path is refused', () => {
    const real = path.join(folder, 'real');
    mkdirSync(real);
    writeFileSync(path.join(real, 'settings.json'), '{}');
    symlinkSync(real, path.join(folder, 'linked'));
    expect(readCarefully(path.join(folder, 'linked', 'settings.json'), { mostBytes: 100, owners: [0, own] })).toEqual({
      ok: false,
      trouble: 'symlink',
    });
  });

  test.runIf(isRoot)('of a stranger’s, or in a stranger’s folder, is refused', () => {
    writeFileSync(file, '{}');
    chownSync(file, stranger, stranger);
    expect(troubleOf()).toBe('foreignOwner');
    chownSync(file, 0, 0);
    chownSync(folder, stranger, stranger);
    expect(troubleOf()).toBe('folderForeignOwner');
  });

  test.runIf(isRoot)('that a group of people may write is refused; root’s own group is no people', () => {
    writeFileSync(file, '{}');
    chmodSync(file, 0o664);
    expect(troubleOf()).toBe('none');
    chownSync(file, 0, stranger);
    expect(troubleOf()).toBe('writableByOthers');
  });

  test('is somebody’s business only where a rule says so', () => {
    writeFileSync(file, '{}');
    chmodSync(file, 0o666);
    expect(readCarefully(file, { mostBytes: 100, owners: null }).ok).toBe(true);
  });

  test('that is replaced again and again never comes in halves', () => {
    const whole = [JSON.stringify({ contact: 'a'.repeat(500) }), JSON.stringify({ contact: 'b'.repeat(500) })] as const;
    writeFileSync(file, whole[0]);
    for (let turn = 0; turn < 200; turn += 1) {
      const next = path.join(folder, 'next');
      writeFileSync(next, whole[turn % 2] ?? '');
      renameSync(next, file);
      const reading = readFile(2_000);
      expect(reading.ok && whole.includes(new TextDecoder().decode(reading.bytes))).toBe(true);
    }
  });
});

describe('bytes', () => {
  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
  const problemsOf = (given: string | Uint8Array) => {
    const parsed = parseDocument(typeof given === 'string' ? bytesOf(given) : given);
    return parsed.ok ? [] : parsed.problems;
  };

  test('that are a document are told with their places', () => {
    const parsed = parseDocument(bytesOf('\uFEFF{\n  "contact": "é",\n  "keys": [1,\n    2]\n}'));
    if (!parsed.ok) throw new Error('refused');
    expect(parsed.document.value).toEqual({ contact: 'é', keys: [1, 2] });
    expect(parsed.document.placeOf(['contact'])).toEqual({ line: 2, column: 3 });
    expect(parsed.document.placeOf(['keys', 1])).toEqual({ line: 4, column: 5 });
    expect(parsed.document.placeOf(['none'])).toBeNull();
  });

  test.each<[string, string | Uint8Array, object]>([
    ['text of another kind', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), { trouble: 'notUtf8' }],
    ['half a sign', new Uint8Array([0x22, 0xc3, 0x22]), { trouble: 'notUtf8' }],
    ['nothing', '', { trouble: 'notJson' }],
    ['half a document', '{\n  "contact": ', { trouble: 'notJson', place: { line: 2, column: 14 } }],
    ['a comment', '{"a": 1 /* why */}', { trouble: 'notJson', place: { line: 1, column: 9 } }],
    ['a comma too many', '{"a": 1,}', { trouble: 'notJson' }],
    ['a number of another language', '{"a": 0x10}', { trouble: 'notJson' }],
    ['two documents', '{} {}', { trouble: 'notJson' }],
    ['a name given twice', '{"a": 1,\n "a": 2}', { trouble: 'duplicateName', path: 'a', place: { line: 2, column: 2 } }],
    ['a name given twice in another spelling', '{"a": 1, "\\u0061": 2}', { trouble: 'duplicateName', path: 'a' }],
    ['a name given twice inside', '{"a": [{"b": 1, "b": 1}]}', { trouble: 'duplicateName', path: 'a.0.b' }],
    ['a name that is a prototype’s', '{"__proto__": {"world": "field"}}', { trouble: 'reservedName', path: '__proto__' }],
    ['a constructor inside', '{"a": {"constructor": 1}}', { trouble: 'reservedName', path: 'a.constructor' }],
  ])('%s are refused with the place', (_what, given, problem) => {
    expect(problemsOf(given)).toEqual([expect.objectContaining(problem)]);
  });

  test.each([
    ['lists', '['.repeat(60_000)],
    ['lists that end', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['objects', '{"a":'.repeat(12_000)],
  ])('nested endlessly in %s are refused before anybody follows them', (_what, text) => {
    expect(problemsOf(text)).toEqual([expect.objectContaining({ trouble: 'tooDeep' })]);
  });

  test('brackets in a text are no nesting', () => {
    expect(problemsOf(JSON.stringify({ a: `${'['.repeat(100)}"${'{'.repeat(100)}\\` }))).toEqual([]);
  });

  test('a thousand names given twice are told, but not all of them', () => {
    expect(problemsOf(`{${'"a":1,'.repeat(1_000)}"a":1}`)).toHaveLength(20);
  });
});

describe('problems', () => {
  test('name file, line, column and path, and whose name it is does not matter', () => {
    const read = readOf({ file: '{\n  "minPinLenght": 8,\n  "idleMs": 90,\n  "x\\u001b[2J\\u202e": 1\n}' });
    expect(read.problems.map(problemLine)).toEqual([
      'desk.json:3:3: idleMs: must be a whole number of milliseconds from 60000 to 900000.',
      'desk.json:2:3: minPinLenght: there is no such setting.',
      'desk.json:4:3: x\\u{1b}[2J\\u{202e}: there is no such setting.',
    ]);
    expect(read.problems.map(problemCode)).toEqual([
      'wrongValue idleMs 3:3',
      'unknownSetting minPinLenght 2:3',
      'unknownSetting 4:3',
    ]);
    expect(read).toMatchObject({
      taken: false,
      reason: { code: 'desk.settingsUnreadable', detail: { statusName: 'wrongValue idleMs 3:3' } },
    });
  });

  test('values are left out', () => {
    const read = readOf({ file: { contact: 4711, tenantId: 'pLanted-4711' } });
    expect(JSON.stringify(read)).not.toContain('4711');
  });
});
