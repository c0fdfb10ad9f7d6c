import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './choice-card.module.css';
import { Icon } from './icon.tsx';

const c = classNamer(styles);

interface ChoiceCardProps {
  readonly label: string;
  readonly chosen: boolean;
  readonly onChange: (chosen: boolean) => void;
  /** Several of a group, or one of it. */
  readonly pick: 'several' | 'one';
  /** The name that ties the cards of one group together. */
  readonly group: string;
  readonly value: string;
  readonly drawing?: ReactNode;
  readonly disabled?: boolean;
}

/** A card that is chosen as a whole. Underneath is the browser's own checkbox or radio button, with its keys and its meaning. */
export function ChoiceCard({ label, chosen, onChange, pick, group, value, drawing, disabled = false }: ChoiceCardProps) {
  return (
    <label className={c('card', chosen && 'chosen', pick === 'one' && 'one')}>
      <input
        type={pick === 'one' ? 'radio' : 'checkbox'}
        name={group}
        value={value}
        checked={chosen}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
        className={c('control')}
      />
      {drawing === undefined ? null : <span className={c('drawing')}>{drawing}</span>}
      <span className={c('word')}>{label}</span>
      <span className={c('box')}>{chosen ? <Icon name="check" size={1.1} weight={3.6} /> : null}</span>
    </label>
  );
}

interface ChoiceGroupProps {
  readonly question: string;
  readonly hint: string;
  readonly pick: 'several' | 'one';
  readonly columns: number;
  readonly children: ReactNode;
}

/** A question with its cards. */
export function ChoiceGroup({ question, hint, pick, columns, children }: ChoiceGroupProps) {
  return (
    <fieldset className={c('group')} role={pick === 'one' ? 'radiogroup' : 'group'}>
      <legend className={c('question')}>
        <span className={c('ask')}>{question}</span> <span className={c('hint')}>{hint}</span>
      </legend>
      <div className={c('cards', columns === 3 ? 'three' : 'two')}>{children}</div>
    </fieldset>
  );
}
