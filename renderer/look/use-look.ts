import { useLayoutEffect } from 'react';
import type { Look } from '../../contract/snapshot.ts';
import { languageDirection } from '../words/languages.ts';
import type { Fitting } from './format.ts';
import { useFormat } from './use-format.ts';

/** Puts the person's choices and the panel's format on the document, where the style sheets read them. */
export function useLook(look: Look): Fitting {
  const fitting = useFormat();
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.lang = look.language;
    root.dir = languageDirection(look.language);
    root.dataset['format'] = fitting.format;
    root.dataset['text'] = String(look.textSize);
    root.dataset['contrast'] = look.contrast;
    root.dataset['motion'] = look.motion;
    root.style.setProperty('--scale', String(fitting.scale));
  }, [look.language, look.textSize, look.contrast, look.motion, fitting.format, fitting.scale]);
  return fitting;
}
