import { createContext, useContext } from 'react';
import { wordsIn, type Words } from './words.ts';

export const WordsContext = createContext<Words>(wordsIn('en'));

/** The words of the language that is shown. */
export function useWords(): Words {
  return useContext(WordsContext);
}
