import { languages, type Language } from './words.ts';

/** The first language of a `ui_locales`, `mkt` or Accept-Language value that the pages speak; English otherwise. */
export function languageOf(wanted: string | null): Language {
  const weighted = (wanted ?? '').split(/[\s,]+/).map((entry) => {
    const [tag = '', quality] = entry.split(';q=');
    return { language: tag.split('-')[0]?.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
  });
  // A stable sort: equal weights stay in the order given.
  for (const { language, quality } of weighted.toSorted((a, b) => b.quality - a.quality)) {
    const found = languages.find((known) => known === language);
    if (found && quality > 0) return found;
  }
  return 'en';
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
