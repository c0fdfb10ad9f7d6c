import { classNamer } from '../look/class-names.ts';
import { Icon } from './icon.tsx';
import styles from './pin-pad.module.css';

const c = classNamer(styles);

interface PinPadProps {
  readonly enabled: boolean;
  readonly onPress: (symbol: string) => void;
  readonly onDelete: () => void;
  readonly onLetters: () => void;
  readonly words: { readonly pad: string; readonly letters: string; readonly lettersSpoken: string; readonly delete: string };
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Twelve keys. A pressed key shows only while it is held; what was typed is nowhere to be seen afterwards. */
export function PinPad({ enabled, onPress, onDelete, onLetters, words }: PinPadProps) {
  const digit = (symbol: string) => (
    <button
      key={symbol}
      type="button"
      className={c('key')}
      onClick={() => onPress(symbol)}
      aria-disabled={enabled ? undefined : true}
    >
      {symbol}
    </button>
  );
  return (
    <div className={c('pad')} role="group" aria-label={words.pad} dir="ltr">
      {digits.map(digit)}
      <button type="button" className={c('key', 'flat', 'letters')} onClick={onLetters} aria-label={words.lettersSpoken}>
        {words.letters}
      </button>
      {digit('0')}
      <button
        type="button"
        className={c('key', 'flat')}
        onClick={onDelete}
        aria-label={words.delete}
        aria-disabled={enabled ? undefined : true}
      >
        <Icon name="delete" size={0.95} />
      </button>
    </div>
  );
}
