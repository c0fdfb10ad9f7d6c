import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './step-list.module.css';

const c = classNamer(styles);

export interface Step {
  readonly id: string;
  readonly words: ReactNode;
  readonly state: 'done' | 'now' | 'ahead';
}

/** Numbered things to do; the one to do now is filled and bold. */
export function StepList({ steps, onlyNow = false }: { readonly steps: readonly Step[]; readonly onlyNow?: boolean }) {
  return (
    <ol className={c('steps')}>
      {steps.map(({ id, words, state }, place) =>
        onlyNow && state !== 'now' ? null : (
          <li
            key={id}
            className={c('step', state !== 'ahead' && state)}
            aria-current={state === 'now' ? 'step' : undefined}
            value={place + 1}
          >
            <span className={c('number')} aria-hidden="true">
              {place + 1}
            </span>
            <span className={c('words')}>{words}</span>
          </li>
        ),
      )}
    </ol>
  );
}
