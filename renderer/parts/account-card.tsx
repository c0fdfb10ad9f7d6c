import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './account-card.module.css';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';

const c = classNamer(styles);

interface AccountCardProps {
  /** What a person would call it. */
  readonly name: string;
  /** Told apart by it; written as it is, wherever the page reads from. */
  readonly userName: string | null;
  readonly onPress: () => void;
  /** The desk works on this one. */
  readonly busy: boolean;
  /** It can't be pressed: one is being worked on. */
  readonly disabled: boolean;
}

/** One account of several; the whole card is the button. The text on it was written by whoever held the key. */
export function AccountCard({ name, userName, onPress, busy, disabled }: AccountCardProps) {
  return (
    <button
      type="button"
      className={c('card', busy && 'busy')}
      onClick={() => {
        if (!disabled) onPress();
      }}
      aria-disabled={disabled ? true : undefined}
      aria-busy={busy ? true : undefined}
    >
      <span className={c('drawing')}>
        <Icon name="person" size={1} />
      </span>
      <span className={c('words')}>
        <span className={c('name')}>
          <bdi>{name}</bdi>
        </span>
        {userName === null ? null : (
          <span className={c('user-name')}>
            <bdi dir="ltr">{userName}</bdi>
          </span>
        )}
      </span>
      <span className={c('end')}>{busy ? <Mark kind="working" size={4.4} /> : <Icon name="next" size={1} />}</span>
    </button>
  );
}

/** The accounts of one page. */
export function AccountCards({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <ul className={c('cards')} aria-label={name} data-fits="">
      {children}
    </ul>
  );
}
