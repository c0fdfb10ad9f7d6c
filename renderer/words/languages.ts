import type { Language } from '../../contract/intent.ts';

/** Each language by its own name: a person looks for theirs, not for ours. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', nl: 'Nederlands', ar: 'العربية' };

/** Digits stay 0–9 in every language, as on the pad and on Microsoft's pages. */
export const languageLocales: Readonly<Record<Language, string>> = { en: 'en-GB', nl: 'nl-NL', ar: 'ar-u-nu-latn' };

export function languageDirection(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
