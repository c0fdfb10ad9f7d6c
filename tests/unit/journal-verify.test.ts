// Whatever is done to a journal, the verification names it: what was done, and to which entry.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLine, writeLine, type LineBody } from '../../main/journal/line.ts';
import { makeSigningKey, readPublicKey, type PublicKey } from '../../main/journal/signing-key.ts';
import type { JournalBreak } from '../../main/journal/verify/verdict.ts';
import { verifyJournal, type JournalToVerify } from '../../main/journal/verify/verify-journal.ts';
import { judgeJournal } from '../support/journal-judge.ts';
import { JournalMaker } from '../support/journal-maker.ts';

const neverAborted = new AbortController().signal;

const verify = (lines: readonly string[], given: Partial<JournalToVerify> = {}) =>
  verifyJournal({ lines: () => lines, heads: [], keys: [], from: 'beginning', signal: neverAborted, ...given });
const breaksIn = async (lines: readonly string[], given: Partial<JournalToVerify> = {}): Promise<readonly JournalBreak[]> =>
  (await verify(lines, given)).breaks;

/** Three files of six entries, the last without its seal; made once, because signing is not what is tested. */
const journal = new JournalMaker().addMany(4).seal().addMany(4).seal().addMany(4);
const { lines } = journal;
const count = lines.length;
const sequence = fc.integer({ min: 1, max: count });
const inside = fc.integer({ min: 2, max: count - 1 });
const runs = { numRuns: 25 };

const without = (from: number, to: number): readonly string[] => lines.filter((_, at) => at + 1 < from || at + 1 > to);
const replaced = (at: number, line: string): readonly string[] => lines.toSpliced(at - 1, 1, line);
const publicKeyOf = (spki: unknown): PublicKey => {
  const key = typeof spki === 'string' ? readPublicKey(spki) : null;
  if (key === null) throw new Error('no key');
  return key;
};

test('a journal that nobody touched is whole, from its first key to its last entry', async () => {
  expect(await verify(lines, { heads: [journal.head()], keys: [journal.key] })).toEqual({
    breaks: [],
    lines: count,
    first: 1,
    last: count,
    lastAt: readLine(lines.at(-1) ?? '')?.at,
    desk: journal.desk,
    lineage: 'firstKey',
    deletedThrough: null,
    heads: 1,
  });
});

describe('an entry that is gone', () => {
  test('anywhere before the end: exactly which', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, fc.integer({ min: 0, max: 5 }), async (from, more) => {
        const to = Math.min(from + more, count - 1);
        // A seal and its copy in the next file: nothing leads to that file's key then.
        fc.pre(from <= to && ![6, 12].some((seal) => from <= seal && to > seal));
        expect(await breaksIn(without(from, to))).toEqual([{ kind: 'deleted', from, to }]);
      }),
      runs,
    );
  });

  test('a seal and its copy: what is gone, and what nothing vouches for any more', async () => {
    expect(await breaksIn(without(5, 7))).toEqual([
      { kind: 'deleted', from: 5, to: 7 },
      { kind: 'changed', from: 8, to: count, why: 'unknownKey' },
    ]);
    // With the key of the last file the end is vouched for, and its seal for the file before; the beginning is not.
    expect(await breaksIn(without(5, 7), { keys: [journal.key] })).toEqual([
      { kind: 'changed', from: 1, to: 4, why: 'unknownKey' },
      { kind: 'deleted', from: 5, to: 7 },
    ]);
  });

  test('at the end: a head that was kept elsewhere tells', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 12, max: count - 1 }), async (last) => {
        const cut = lines.slice(0, last);
        expect(await breaksIn(cut)).toEqual([]);
        expect(await breaksIn(cut, { heads: [journal.head()] })).toEqual([{ kind: 'truncated', last, known: count }]);
      }),
      runs,
    );
  });

  test('of a part that was given, what came before is not looked for', async () => {
    expect(await breaksIn(lines.slice(6), { from: 'part' })).toEqual([]);
    expect(await breaksIn(lines.slice(6).toSpliced(3, 1), { from: 'part' })).toEqual([{ kind: 'deleted', from: 10, to: 10 }]);
  });
});

describe('an entry that was changed', () => {
  test('in any character', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, fc.nat(), fc.constantFrom('0', 'x', ' ', '"', '}'), async (at, where, character) => {
        const line = lines[at - 1] ?? '';
        const place = where % line.length;
        const changed = `${line.slice(0, place)}${character}${line.slice(place + 1)}`;
        fc.pre(changed !== line);
        const found = await breaksIn(replaced(at, changed));
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ kind: 'changed', from: at, to: at });
      }),
      runs,
    );
  });

  test('and signed with another key', async () => {
    await fc.assert(
      fc.asyncProperty(inside, async (at) => {
        const { version: _version, key: _key, signature: _signature, ...line } = readLine(lines[at - 1] ?? '') ?? expect.fail();
        fc.pre(!line.body.event.startsWith('journal.'));
        const forged = writeLine({ ...line, body: { event: 'stay.begun' } }, makeSigningKey());
        expect(await breaksIn(replaced(at, forged))).toEqual([{ kind: 'changed', from: at, to: at, why: 'unknownKey' }]);
      }),
      { numRuns: 20 },
    );
  });

  test('into nothing of ours', async () => {
    expect(await breaksIn(replaced(5, ''))).toEqual([{ kind: 'changed', from: 5, to: 5, why: 'unreadable' }]);
    expect(await breaksIn(replaced(count, 'gone'))).toEqual([{ kind: 'changed', from: count, to: count, why: 'unreadable' }]);
  });

  test('by white space only: a line has one form', async () => {
    expect(await breaksIn(replaced(5, (lines[4] ?? '').replace(',', ', ')))).toEqual([
      { kind: 'changed', from: 5, to: 5, why: 'unreadable' },
    ]);
  });
});

describe('an entry in another place', () => {
  test('is named, with the one that it stands behind now', async () => {
    await fc.assert(
      fc.asyncProperty(inside, inside, async (from, to) => {
        fc.pre(Math.abs(from - to) >= 2);
        const moved = [...lines];
        moved.splice(to - 1, 0, ...moved.splice(from - 1, 1));
        const after = readLine(moved[to - 2] ?? '')?.sequence;
        expect(await breaksIn(moved)).toEqual([{ kind: 'reordered', sequence: from, after }]);
      }),
      runs,
    );
  });

  test('two that changed places: one of them is out of order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: count - 2 }), async (at) => {
        const swapped = lines.toSpliced(at - 1, 2, lines[at] ?? '', lines[at - 1] ?? '');
        const found = await breaksIn(swapped);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ kind: 'reordered' });
        expect([at, at + 1]).toContain(found[0]?.kind === 'reordered' ? found[0].sequence : null);
      }),
      runs,
    );
  });

  test('there twice', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, sequence, async (at, again) => {
        const twice = lines.toSpliced(again, 0, lines[at - 1] ?? '');
        expect(await breaksIn(twice)).toEqual([{ kind: 'repeated', sequence: at }]);
      }),
      runs,
    );
  });

  test('a line of somebody else’s in between', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, async (after) => {
        const foreign = new JournalMaker().addMany(1).lines[1] ?? '';
        expect(await breaksIn(lines.toSpliced(after, 0, foreign))).toEqual(
          after === count
            ? [{ kind: 'changed', from: count + 1, to: count + 1, why: 'otherDesk' }]
            : [{ kind: 'inserted', after, why: 'otherDesk' }],
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('an entry from an older copy', () => {
  const fork = 13;
  const other = journal.copyAt(fork).addMany(8, 'other');

  test('in place of the one that was there', async () => {
    for (let at = fork + 1; at < Math.min(count, other.sequence); at += 1) {
      expect(await breaksIn(replaced(at, other.lines[at - 1] ?? ''))).toEqual([{ kind: 'restored', from: at, to: at }]);
    }
  });

  test('several in a row', async () => {
    const [from, to] = [fork + 2, fork + 3];
    const mixed = lines.toSpliced(from - 1, to - from + 1, ...other.lines.slice(from - 1, to));
    expect(await breaksIn(mixed)).toEqual([{ kind: 'restored', from, to }]);
  });

  test('beside the one that was there', async () => {
    const both = lines.toSpliced(fork + 1, 0, other.lines[fork] ?? '');
    expect(await breaksIn(both)).toEqual([{ kind: 'restored', from: fork + 1, to: fork + 1 }]);
  });

  test('the whole journal, gone on with: only a head from elsewhere can tell', async () => {
    expect(await breaksIn(other.lines)).toEqual([]);
    const known = fork + 3;
    expect(await breaksIn(other.lines, { heads: [journal.head(known)] })).toEqual([{ kind: 'restored', from: known, to: known }]);
    expect((await verify(other.lines, { heads: [journal.head(fork)] })).heads).toBe(1);
  });
});

describe('files that were kept long enough', () => {
  const seals = lines.filter((line) => readLine(line)?.body.event === 'journal.sealed');
  const thirdFile = lines.slice(12);
  const deleted = (throughSequence: number, sealHash: string): LineBody => ({
    event: 'journal.deleted',
    throughFile: 2,
    throughSequence,
    sealHash,
  });
  const after = journal.copyAt(count);
  after.add(deleted(12, readLine(thirdFile[0] ?? '')?.previous ?? ''));
  const noted = after.lines.at(-1) ?? '';

  test('leave their seals and a note: whole, and led back to the first key', async () => {
    expect(await verify([...seals, ...thirdFile, noted])).toMatchObject({
      breaks: [],
      lineage: 'firstKey',
      deletedThrough: 12,
      first: 6,
    });
  });

  test('without the note: exactly what is missing', async () => {
    expect(await breaksIn([...seals, ...thirdFile])).toEqual([
      { kind: 'deleted', from: 1, to: 5 },
      { kind: 'deleted', from: 7, to: 11 },
    ]);
  });

  test('without the seals the note still tells, and only the rest can be vouched for', async () => {
    expect(await verify([...thirdFile, noted])).toMatchObject({ breaks: [], lineage: 'itself', first: 13 });
    expect(await verify([...thirdFile, noted], { keys: [journal.key] })).toMatchObject({ breaks: [], lineage: 'givenKey' });
  });

  test('a note excuses nothing behind it', async () => {
    const [first = '', , ...rest] = thirdFile;
    expect(await breaksIn([...seals, first, ...rest, noted])).toEqual([{ kind: 'deleted', from: 14, to: 14 }]);
  });

  test('a file after a seal that the note does not know', async () => {
    const wrong = journal.copyAt(count);
    wrong.add(deleted(12, 'A'.repeat(43)));
    expect(await breaksIn([...thirdFile, wrong.lines.at(-1) ?? ''])).toEqual([{ kind: 'restored', from: 12, to: 12 }]);
  });
});

describe('keys', () => {
  test('any of the desk’s will do, of whatever file', async () => {
    const introduced = lines.flatMap((line) => {
      const body = readLine(line)?.body;
      return body?.event === 'journal.begun' ? [publicKeyOf(body['publicKey'])] : [];
    });
    expect(introduced).toHaveLength(3);
    for (const key of introduced) expect(await verify(lines, { keys: [key] })).toMatchObject({ breaks: [], lineage: 'firstKey' });
  });

  test('one that is not the desk’s is told as such', async () => {
    const { id, spkiB64u, key } = makeSigningKey();
    expect(await breaksIn(lines, { keys: [{ id, spkiB64u, key }] })).toEqual([{ kind: 'keyNotInChain', key: id }]);
  });

  test('a journal made up by somebody else that names the desk’s key as its next one is found out', async () => {
    const forged = new JournalMaker();
    Object.assign(forged, { desk: journal.desk });
    forged.addMany(3);
    const { spkiB64u: publicKey } = forged.key;
    forged.add({ event: 'journal.sealed', publicKey, nextPublicKey: journal.key.spkiB64u, because: 'size' });
    const found = await breaksIn(forged.lines, { keys: [journal.key] });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((each) => each.kind === 'changed')).toBe(true);
  });

  test.each([
    ['nothing', '', 'unreadable'],
    ['another desk’s', new JournalMaker().head(), 'otherDesk'],
    ['a changed one', journal.head().replace(/"sequence":\d+/, '"sequence":7'), 'signature'],
  ])('a head that is %s', async (_what, head, why) => {
    expect(await breaksIn(lines, { heads: [head] })).toEqual([{ kind: 'head', why }]);
  });
});

test('a verifier that was written from docs/journal.md alone agrees, whatever is done', async () => {
  const line = fc.constantFrom(...lines);
  const deed = fc.oneof(
    fc.record({ deed: fc.constant('remove' as const), at: sequence }),
    fc.record({ deed: fc.constant('put' as const), at: sequence, line }),
    fc.record({ deed: fc.constant('change' as const), at: sequence, where: fc.nat() }),
    fc.constant({ deed: 'nothing' as const }),
  );
  await fc.assert(
    fc.asyncProperty(deed, async (what) => {
      const copy = [...lines];
      if (what.deed === 'remove') copy.splice(what.at - 1, 1);
      if (what.deed === 'put') copy.splice(what.at, 0, what.line);
      if (what.deed === 'change') {
        const text = copy[what.at - 1] ?? '';
        const place = what.where % text.length;
        copy[what.at - 1] = `${text.slice(0, place)}~${text.slice(place + 1)}`;
      }
      const found = await breaksIn(copy, { heads: [journal.head()] });
      expect(await judgeJournal(copy, journal.head())).toBe(found.length === 0);
    }),
    { numRuns: 80 },
  );
});
