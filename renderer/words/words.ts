import { setupI18n, type I18n } from '@lingui/core';
import type { Language } from '../../contract/intent.ts';
import { messages as ar } from './ar.po';
import { messages as en } from './en.po';
import { languageLocales } from './languages.ts';
import type { MessageValues } from './message-values.ts';
import { messages as nl } from './nl.po';

export type MessageId = keyof MessageValues;
/** Ids of sentences without a place to fill in. */
export type PlainMessageId = { [Id in MessageId]: MessageValues[Id] extends null ? Id : never }[MessageId];

/** Says a message in the language of the screen; the compiler knows which places each message has. */
export type Say = <Id extends MessageId>(id: Id, ...values: MessageValues[Id] extends null ? [] : [MessageValues[Id]]) => string;

export interface Words {
  readonly language: Language;
  readonly t: Say;
  /** A wall-clock time as hours and minutes. */
  readonly time: (atMs: number) => string;
  /** Day, month and year. */
  readonly day: (atMs: number) => string;
}

const catalogues = { en, nl, ar } as const;
const made = new Map<Language, Words>();

/** The words of one language; made once. */
export function wordsIn(language: Language): Words {
  const known = made.get(language);
  if (known !== undefined) return known;
  const locale = languageLocales[language];
  const i18n: I18n = setupI18n({ locale: language, locales: [locale], messages: { [language]: catalogues[language] } });
  const hours = once(() => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  const days = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }));
  const words: Words = {
    language,
    t: (id, ...values) => i18n._(id, values[0] ?? undefined),
    time: (atMs) => hours().format(atMs),
    day: (atMs) => days().format(atMs),
  };
  made.set(language, words);
  return words;
}

/** Formats take long to make, and the first screen shows no time. */
function once<Made>(make: () => Made): () => Made {
  let kept: Made | undefined;
  return () => (kept ??= make());
}
