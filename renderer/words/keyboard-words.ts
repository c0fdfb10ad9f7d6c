import type { KeyboardWords } from '../parts/on-screen-keyboard.tsx';
import type { Words } from './words.ts';

export function keyboardWords({ t }: Words): KeyboardWords {
  return {
    keyboard: t('keyboard.name'),
    shift: t('keyboard.shift'),
    space: t('keyboard.space'),
    delete: t('keyboard.delete'),
    enter: t('keyboard.enter'),
    signs: t('keyboard.signs'),
    letters: t('keyboard.letters'),
    signsLabel: '#+=',
    lettersLabel: 'ABC',
  };
}
