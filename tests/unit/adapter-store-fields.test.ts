import { describe, expect, test } from 'vitest';
import { journalEventSchema, stayIdSchema } from '../../main/journal/journal-event-schema.ts';
import { JournalUnavailable, troubleOf } from '../../main/adapters/store-sqlite/journal-unavailable.ts';
import { journalSamples } from '../support/journal-story.ts';

const samples = Object.values(journalSamples);

describe('what may be written', () => {
  test.each(samples)('$event, and it comes back as it was', (sample) => {
    expect(journalEventSchema.parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
  });

  test.each(samples)('$event with one member more is refused', (sample) => {
    for (const extra of ['pin', 'userName', 'note', 'token']) {
      expect(journalEventSchema.safeParse({ ...sample, [extra]: 'x' }).success).toBe(false);
    }
  });

  test.each(samples)('$event with one member less is refused', (sample) => {
    for (const member of Object.keys(sample)) {
      const { [member]: _left, ...rest } = sample as unknown as Record<string, unknown>;
      expect(journalEventSchema.safeParse(rest).success).toBe(false);
    }
  });

  test.each<[string, object]>([
    ['a sentence for a word', { ...journalSamples['intent.refused'], why: 'because lina.berg@example.com said so' }],
    ['a line break', { ...journalSamples.lateAnswer, effect: 'a\nb' }],
    ['an address for a host', { ...journalSamples['page.blocked'], host: 'https://www.example.com/?code=1' }],
    ['a credential id that is none', { ...journalSamples['proof.given'], credentialIdB64u: 'a b' }],
    ['a credential id too long', { ...journalSamples['proof.given'], credentialIdB64u: 'A'.repeat(1365) }],
    ['a reason that is none', { ...journalSamples.trouble, reason: 'because' }],
    ['a request id that is none', { ...journalSamples['registration.refused'], requestId: 'lina.berg' }],
    ['a model that goes on and on', { ...journalSamples['pin.setting'], model: 'k'.repeat(201) }],
    ['an event that is none', { event: 'pin.typed' }],
    ['no event', {}],
  ])('%s is refused', (_what, event) => {
    expect(journalEventSchema.safeParse(event).success).toBe(false);
  });

  test('a stay is named by the desk', () => {
    for (const name of [null, 'stay-1', '8d1c0a52-6f0d-4f43-9a35-0a5d5b7c2f10'])
      expect(stayIdSchema.safeParse(name).success).toBe(true);
    for (const name of ['', 'Lina Berg', 'a'.repeat(65), 'a/b']) expect(stayIdSchema.safeParse(name).success).toBe(false);
  });
});

describe('how the store fails', () => {
  const coded = (code: string, message = '/home/desk/journal'): Error => Object.assign(new Error(message), { code });

  test.each([
    ['SQLITE_FULL', 'full'],
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['SQLITE_READONLY_DBMOVED', 'readOnly'],
    ['EROFS', 'readOnly'],
    ['EACCES', 'readOnly'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'corrupt'],
    ['SQLITE_BUSY', 'busy'],
    ['SQLITE_IOERR_WRITE', 'io'],
    ['SQLITE_CANTOPEN', 'io'],
    ['ENOTDIR', 'io'],
  ])('%s is %s', (code, trouble) => {
    expect(troubleOf(coded(code))).toBe(trouble);
  });

  test('the error names the trouble and no path', () => {
    const failure = new JournalUnavailable(troubleOf(coded('ENOSPC')));
    expect(failure).toMatchObject({ name: 'JournalUnavailable', trouble: 'full' });
    expect(failure.message).not.toContain('/home');
  });

  test.each([
    ['SQL that is wrong', coded('SQLITE_ERROR', 'near "selec"'), 'near "selec"'],
    ['a rule of the table', coded('SQLITE_CONSTRAINT_TRIGGER', 'only grows'), 'only grows'],
    ['a bug', new TypeError('not a function'), 'not a function'],
  ])('%s is a mistake and goes up', (_what, mistake, message) => {
    expect(() => troubleOf(mistake)).toThrow(message);
  });
});
