import { useState } from 'react';
import { classNamer } from '../look/class-names.ts';
import { Icon } from './icon.tsx';
import styles from './on-screen-keyboard.module.css';

const c = classNamer(styles);

export interface KeyboardWords {
  readonly keyboard: string;
  readonly shift: string;
  readonly space: string;
  readonly delete: string;
  readonly enter: string;
  readonly signs: string;
  readonly letters: string;
  /** On the key that opens the page of signs. */
  readonly signsLabel: string;
  /** On the key that comes back from it. */
  readonly lettersLabel: string;
}

interface OnScreenKeyboardProps {
  readonly words: KeyboardWords;
  /** A visible character. */
  readonly onSymbol: (symbol: string) => void;
  readonly onDelete: () => void;
  readonly onEnter: () => void;
  readonly enterReady: boolean;
}

const letterRows = ['1234567890', 'qwertyuiop', 'asdfghjkl@', 'zxcvbnm.-_'] as const;
const signRows = ['1234567890', '!"#$%&\'()*', '+,/:;<=>?\\', '[]^`{|}~€£'] as const;

/** A keyboard for names, passes and PINs with letters. Nothing typed is shown, kept or repeated by it. */
export function OnScreenKeyboard({ words, onSymbol, onDelete, onEnter, enterReady }: OnScreenKeyboardProps) {
  const [page, setPage] = useState<'lower' | 'upper' | 'signs'>('lower');
  const rows = page === 'signs' ? signRows : letterRows;
  return (
    <div className={c('keyboard')} role="group" aria-label={words.keyboard} dir="ltr" lang="en">
      {rows.map((row, place) => (
        <div key={place} className={c('row')}>
          {[...row].map((written) => {
            const symbol = page === 'upper' ? written.toUpperCase() : written;
            return (
              <button
                key={written}
                type="button"
                className={c('key')}
                onClick={() => {
                  onSymbol(symbol);
                  if (page === 'upper') setPage('lower');
                }}
              >
                {symbol}
              </button>
            );
          })}
          {place === 0 ? (
            <button type="button" className={c('key', 'flat', 'wide')} onClick={onDelete} aria-label={words.delete}>
              <Icon name="delete" />
            </button>
          ) : null}
        </div>
      ))}
      <div className={c('row')}>
        <button
          type="button"
          className={c('key', 'flat', 'wide', page === 'upper' && 'held')}
          onClick={() => setPage(page === 'upper' ? 'lower' : 'upper')}
          aria-pressed={page === 'upper'}
          aria-label={words.shift}
        >
          <Icon name="shift" />
        </button>
        <button
          type="button"
          className={c('key', 'flat', 'wide', 'label')}
          onClick={() => setPage(page === 'signs' ? 'lower' : 'signs')}
          aria-label={page === 'signs' ? words.letters : words.signs}
        >
          {page === 'signs' ? words.lettersLabel : words.signsLabel}
        </button>
        <button type="button" className={c('key', 'space', 'label')} onClick={() => onSymbol(' ')}>
          {words.space}
        </button>
        <button
          type="button"
          className={c('key', 'wider', enterReady ? 'go' : 'flat')}
          onClick={onEnter}
          aria-label={words.enter}
          aria-disabled={enterReady ? undefined : true}
        >
          <Icon name="enter" />
        </button>
      </div>
    </div>
  );
}
