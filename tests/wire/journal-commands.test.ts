// `firstkey journal`: on a desk's own folder, and on files that were taken elsewhere.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import { parseJournalArguments } from '../../main/cli/journal-arguments.ts';
import { runJournalCommand } from '../../main/cli/program/journal-commands.ts';
import { readLine } from '../../main/journal/line.ts';
import { makeSigningKey, writePublicKey } from '../../main/journal/signing-key.ts';
import { journalOptions } from '../support/journal-options.ts';
import { journalSamples } from '../support/journal-story.ts';

let root: string;
let places: { readonly directory: string; readonly headFile: string };
const startMs = Date.parse('2026-11-23T09:00:00Z');
const formula = '=HYPERLINK("http://example.com";"x")|a\\b';

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'firstkey-journal-'));
  places = { directory: path.join(root, 'journal'), headFile: path.join(root, 'heads', 'training.json') };
  let wallMs = startMs;
  const options = journalOptions(places.directory, {
    headFile: places.headFile,
    clock: { wallMs: () => wallMs },
    personalData: 'pseudonymous',
    limits: { fileBytes: 1_500 },
  });
  const store = await openSqliteStore(options);
  for (const stay of ['a', 'b']) {
    await store.journal.append(stay, journalSamples['stay.begun']);
    await store.journal.append(stay, journalSamples['stay.signedIn']);
    await store.journal.append(stay, { ...journalSamples['pin.setting'], model: formula });
    await store.journal.append(stay, journalSamples['stay.wiped']);
    await store.journal.unfinished();
    wallMs += 86_400_000;
  }
  await store.close();
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly told: string;
}

async function run(commandLine: readonly string[], answer: string | null = null): Promise<Ran> {
  const parsed = parseJournalArguments(commandLine);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  const [out, told]: [string[], string[]] = [[], []];
  const exitCode = await runJournalCommand(parsed.command, {
    places,
    options: parsed.options,
    terminal: {
      print: (text) => out.push(`${text}\n`),
      tell: (text) => told.push(text),
      askLine: () => Promise.resolve(answer),
    },
    write: async (text) => void out.push(text),
    signal: new AbortController().signal,
  });
  return { exitCode, out: out.join(''), told: told.join('\n') };
}

const put = async (name: string, text: string): Promise<string> => {
  const file = path.join(root, name);
  await writeFile(file, text);
  return file;
};

describe('verify', () => {
  test('the desk’s own: whole, in words and as a document', async () => {
    const { exitCode, out } = await run(['verify']);
    expect(exitCode).toBe(0);
    expect(out).toContain('The journal is whole.');
    expect(out).toContain('lead back to the desk’s first one');
    expect(out).toContain('One head from elsewhere agrees.');
    const document = JSON.parse((await run(['verify', '--json'])).out) as object;
    expect(document).toMatchObject({ schema: 1, ok: true, exitCode: 0, breaks: [], first: 1, lineage: 'firstKey', heads: 1 });
  });

  test('files that were exported, with the key and the head that somebody kept', async () => {
    const exported = await put('all.jsonl', (await run(['export'])).out);
    const key = await put('desk.pem', (await run(['key'])).out);
    expect(await run(['verify', exported, '--key', key, '--head', places.headFile])).toMatchObject({ exitCode: 0 });
    const lines = (await run(['export'])).out.trimEnd().split('\n');
    const broken = await put('broken.jsonl', [...lines.slice(0, 2), ...lines.slice(3, -1)].join('\n'));
    const { exitCode, out } = await run(['verify', broken, '--head', places.headFile]);
    expect(exitCode).toBe(1);
    expect(out).toContain('Entry 3: deleted.');
    expect(out).toContain(`The end is missing: the last entry is ${lines.length - 1}, and entry ${lines.length} is known.`);
  });

  test('a head behind what a syslog server wrote in front of it', async () => {
    const text = await readFile(places.headFile, 'utf8');
    const log = await put('heads.log', `Nov 23 10:00:00 desk-7 firstkey: ${text}\nNov 23 10:00:01 desk-7 other: nothing\n`);
    expect((await run(['verify', '--head', log])).out).toContain('2 heads from elsewhere agree.');
  });

  test('another desk’s key', async () => {
    const key = await put('other.pem', writePublicKey(makeSigningKey()));
    const { exitCode, out } = await run(['verify', '--key', key]);
    expect(exitCode).toBe(1);
    expect(out).toContain('A key that was given has signed nothing here');
  });

  test.each([
    ['a key that is none', ['verify', '--key', 'KEY'], 2],
    ['heads that are not there', ['verify', '--head', 'NOWHERE'], 3],
  ])('%s', async (_what, commandLine, exitCode) => {
    const key = await put('none.pem', 'hello');
    const nowhere = path.join(root, 'nowhere');
    const given = commandLine.map((word) => word.replace('KEY', key).replace('NOWHERE', nowhere));
    expect((await run(given)).exitCode).toBe(exitCode);
    expect(JSON.parse((await run([...given, '--json'])).out)).toMatchObject({ ok: false, exitCode });
  });

  test('a file that is not there', async () => {
    await expect(run(['verify', path.join(root, 'nowhere')])).rejects.toMatchObject({
      name: 'JournalUnavailable',
      trouble: 'io',
    });
  });
});

describe('export', () => {
  test('JSON Lines are the signed lines themselves, between two times', async () => {
    const all = (await run(['export'])).out.trimEnd().split('\n');
    expect(all.map((line) => readLine(line)?.sequence)).toEqual(all.map((_, index) => index + 1));
    const second = (await run(['export', '--since', '2026-11-24'])).out.trimEnd().split('\n');
    const first = (await run(['export', '--until', '2026-11-24'])).out.trimEnd().split('\n');
    expect([...first, ...second]).toEqual(all);
    expect(second.length).toBeGreaterThan(3);
  });

  test('CSV has a row for each, and no cell that a spreadsheet would compute', async () => {
    const { out } = await run(['export', '--format', 'csv']);
    const rows = out.split('\r\n').slice(0, -1);
    const names = rows[0]?.split(',') ?? [];
    expect(names.slice(0, 6)).toEqual(['"sequence"', '"at"', '"desk"', '"file"', '"stay"', '"event"']);
    expect(names).toContain('"credentialIdB64u"');
    expect(out).toContain(`"'=HYPERLINK(""http://example.com"";""x"")|a\\b"`);
    const cells = [...out.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n)/g)].map(([, cell]) => cell ?? '');
    expect(cells).toHaveLength(rows.length * names.length);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  test('CEF escapes by its rules', async () => {
    const { out } = await run(['export', '--format', 'cef']);
    const line = out.split('\n').find((each) => each.includes('|pin.setting|')) ?? '';
    expect(line).toMatch(
      /^CEF:0\|Firstkey\|Firstkey\|1\|pin\.setting\|pin setting\|1\|rt=\d{13} externalId=\d+ deviceExternalId=/,
    );
    expect(line).toContain(String.raw`"model":"\=HYPERLINK(\\"http://example.com\\";\\"x\\")|a\\\\b"`);
    expect(out.split('\n').every((each) => each === '' || each.startsWith('CEF:0|'))).toBe(true);
  });
});

test('pseudonym tells what a person is called here, and only where the secret is', async () => {
  const id = journalSamples['stay.signedIn'].objectId ?? '';
  const { exitCode, out } = await run(['pseudonym', 'objectId'], ` ${id.toUpperCase()}\n`);
  expect(exitCode).toBe(0);
  expect((await run(['export'])).out).toContain(`"objectId":"${out.trim()}"`);
  expect((await run(['pseudonym', 'objectId'], null)).exitCode).toBe(2);
});

test('the key is a PEM file that OpenSSL reads and judges a line with, as docs/journal.md says', async () => {
  const { out } = await run(['key']);
  const document = JSON.parse((await run(['key', '--json'])).out) as { readonly id: string; readonly pem: string };
  expect(out).toBe(`# ${document.id}\n${document.pem}`);
  await put('desk.pem', out);
  const line = (await run(['export'])).out.trimEnd().split('\n').at(-1) ?? '';
  await put('line.json', `${line}\n`);
  const page = await readFile(new URL('../../docs/journal.md', import.meta.url), 'utf8');
  const script = /```sh\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(script).toContain('openssl pkeyutl');
  expect(execFileSync('bash', ['-e', '-c', script], { cwd: root, encoding: 'utf8' })).toContain(
    'Signature Verified Successfully',
  );
  await put('line.json', `${line.replace('"sequence":', '"sequence":1')}\n`);
  expect(() => execFileSync('bash', ['-e', '-c', script], { cwd: root, stdio: 'ignore' })).toThrow('Command failed');
});

describe('arguments', () => {
  test.each([
    [['verify', '--pin', '1234'], 'there is an option that Firstkey does not know'],
    [['verify', '--since', '2026-11-23'], 'verify does not take --since'],
    [['export', '--format', 'xml'], '--format takes one of jsonl, csv, cef'],
    [['export', '--since', 'yesterday'], 'a time is a day'],
    [['export', '--since', '2026-13-40'], 'a time is a day'],
    [['key', 'x'], 'key takes no word'],
    [['pseudonym', 'name'], 'pseudonym takes one of'],
    [['pseudonym', 'objectId', 'secret-value'], 'the value is asked for'],
    [['erase'], 'there is no such command'],
    [['verify', '--key'], '--key needs a value'],
    [['verify', '--world=field'], '--world takes training only'],
  ])('%j is refused, without repeating it', (given, problem) => {
    const parsed = parseJournalArguments([...given, '--json']);
    expect(parsed).toMatchObject({ kind: 'usage', json: true });
    expect(parsed.kind === 'usage' ? parsed.problem : '').toContain(problem);
    expect(JSON.stringify(parsed)).not.toMatch(/1234|yesterday|secret-value/);
  });
});
