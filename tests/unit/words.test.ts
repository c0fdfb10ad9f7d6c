// Words are held to the same rules in every language: the same ids, the same places to fill in, nothing empty, and none of
// the words that make a tired person feel blamed.
import { describe, expect, test } from 'vitest';
import { checkCodes, checks } from '../../contract/doctor.ts';
import { foretoldCodes } from '../../contract/foretold.ts';
import { reasonCodes } from '../../contract/reason.ts';
import { messages as ar } from '../../renderer/words/ar.po';
import { messages as en } from '../../renderer/words/en.po';
import { messages as nl } from '../../renderer/words/nl.po';
import { messageValuesSource, placesOf, wordsOf } from '../support/word-places.ts';

const catalogues = { en, nl, ar } as const;
type Code = keyof typeof catalogues;
const codes = ['en', 'nl', 'ar'] as const;
const ids = Object.keys(en);

const said = (code: Code, id: string): string => wordsOf(catalogues[code][id] ?? []);

/** Lines for staff may use staff's words; everything else is read by a person on their first day. */
const forStaff = (id: string): boolean =>
  /^(reason|foretold)\..*\.tech$/.test(id) || id.startsWith('practice.') || id.startsWith('doctor.');

describe('the catalogues', () => {
  test('have many messages, and the same ids in every language', () => {
    expect(ids.length).toBeGreaterThan(400);
    for (const code of codes) expect(Object.keys(catalogues[code]).toSorted(), code).toEqual(ids.toSorted());
  });

  test.each(codes)('%s: says something under every id', (code) => {
    expect(ids.filter((id) => said(code, id).trim() === '' && placesOf(catalogues[code][id] ?? []).size === 0)).toEqual([]);
  });

  test.each(['nl', 'ar'] as const)('%s: has the same places to fill in as English', (code) => {
    const names = (which: Code, id: string) => [...placesOf(catalogues[which][id] ?? []).keys()].toSorted();
    for (const id of ids) {
      const own = names(code, id);
      // A language may count where English does not, but never asks for anything more.
      expect(own, `${code} ${id}`).toEqual(names('en', id));
    }
  });

  test.each(['nl', 'ar'] as const)('%s: keeps the tags of English', (code) => {
    const tags = (text: string) => new Set(text.match(/<\/?\w+>/g) ?? []);
    for (const id of ids) expect(tags(said(code, id)), `${code} ${id}`).toEqual(tags(said('en', id)));
  });

  test.each(codes)('%s: uses only the three tags, closed and not nested', (code) => {
    for (const id of ids) {
      expect(said(code, id).replaceAll(/<(b|key|ltr)>[^<>]*<\/\1>/g, ''), `${code} ${id}`).not.toMatch(/[<>]/);
    }
  });

  test.each(codes)('%s: uses typographic apostrophes and quotation marks', (code) => {
    for (const id of ids) expect(said(code, id), `${code} ${id}`).not.toMatch(/['"]/);
  });

  test('the digits of Arabic are 0–9, as on the pad and on Microsoft’s pages', () => {
    for (const id of ids) expect(said('ar', id), id).not.toMatch(/[٠-٩۰-۹]/);
  });

  test('everything that can be foretold has words for the person and for the technician', () => {
    for (const code of foretoldCodes) for (const part of ['say', 'tech']) expect(ids, code).toContain(`foretold.${code}.${part}`);
  });

  test('every check of the doctor has words for what, and for everything but the good what it means and how it is cured', () => {
    for (const code of checkCodes) {
      const parts = checks[code].state === 'good' ? ['what'] : ['what', 'means', 'cure'];
      for (const part of parts) expect(ids, code).toContain(`doctor.${code}.${part}`);
    }
    const known = ids.filter((id) => id.startsWith('doctor.') && id.endsWith('.what')).map((id) => id.slice(7, -5));
    expect(known.toSorted()).toEqual([...checkCodes].toSorted());
  });

  test('every reason has words for what is true, what to do, why, and for the technician', () => {
    for (const code of reasonCodes) {
      for (const part of ['title', 'say', 'why', 'tech']) expect(ids, code).toContain(`reason.${code}.${part}`);
    }
    const known = ids
      .filter((id) => id.startsWith('reason.') && id.split('.').length === 4)
      .map((id) => id.split('.').slice(1, 3).join('.'));
    expect([...new Set(known)].toSorted()).toEqual([...reasonCodes].toSorted());
  });

  test('the types of the ids are those of the catalogue', async () => {
    await expect(messageValuesSource(en)).toMatchFileSnapshot('../../renderer/words/message-values.ts');
  });
});

describe('what a person reads', () => {
  const banned: Readonly<Record<Code, readonly RegExp[]>> = {
    en: [
      /\berrors?\b/i,
      /\binvalid\b/i,
      /\bfail(s|ed|ure)?\b/i,
      /\bplease wait\b/i,
      /\bauthenticat(e|ed|ion)\b/i,
      /\bcredentials?\b/i,
      /\bFIDO2?\b/i,
      /\bTAPs?\b/,
      /\bdevices?\b/i,
    ],
    nl: [
      /\bfout(en)?\b/i,
      /\bongeldig\b/i,
      /\bmislukt\b/i,
      /\beven geduld\b/i,
      /\bauthenticeren\b/i,
      /\bcredentials?\b/i,
      /\bFIDO2?\b/i,
      /\bTAPs?\b/,
      /\bappara(at|ten)\b/i,
    ],
    ar: [/خطأ/, /غير صالح/, /فشل/, /يرجى الانتظار/, /مصادقة/, /بيانات الاعتماد/, /FIDO2?/i, /\bTAPs?\b/, /جهاز/],
  };

  test.each(codes)('%s: holds none of the banned words', (code) => {
    for (const id of ids.filter((each) => !forStaff(each))) {
      for (const word of banned[code]) expect(said(code, id), `${code} ${id}`).not.toMatch(word);
    }
  });

  test('titles are up to six words', () => {
    const words = (text: string) => text.split(/\s+/).filter(Boolean).length;
    const long = ids.filter((id) => id.endsWith('.title') && !forStaff(id) && words(said('en', id)) > 6);
    expect(long).toEqual([]);
  });

  test('sentences are up to fourteen words, two at most', () => {
    const sentences = (text: string) =>
      text
        .replaceAll(/<[^>]+>/g, '')
        .split(/(?<=[.?!])\s+/)
        .filter(Boolean);
    const told = ids.filter((id) => /\.(lead\w*|say|why|step\.\w+)$/.test(id) && !forStaff(id));
    expect(told.length).toBeGreaterThan(100);
    for (const id of told) {
      const each = sentences(said('en', id));
      expect(each.length, id).toBeLessThanOrEqual(2);
      for (const sentence of each) expect(sentence.split(/\s+/).length, `${id}: ${sentence}`).toBeLessThanOrEqual(14);
    }
  });

  test('no button says only OK, yes or no', () => {
    for (const code of codes) {
      for (const id of ids.filter((each) => !forStaff(each)))
        expect(said(code, id).trim(), `${code} ${id}`).not.toMatch(/^(ok|okay|yes|no|ja|nee|نعم|لا|حسنًا)$/i);
    }
  });
});
