import type { StopState } from '../../contract/snapshot.ts';
import { classNamer } from '../look/class-names.ts';
import { Icon } from './icon.tsx';
import styles from './journey-rail.module.css';

const c = classNamer(styles);

export interface RailStop {
  readonly id: string;
  readonly label: string;
  readonly state: StopState;
  /** The state in words, for those who hear the rail. */
  readonly spokenState: string;
}

/** Where the person is on their way: told, never a menu. */
export function JourneyRail({ name, stops }: { readonly name: string; readonly stops: readonly RailStop[] }) {
  return (
    <section aria-label={name}>
      <ol className={c('rail')}>
        {stops.map(({ id, label, state, spokenState }) => (
          <li key={id} className={c('stop', state !== 'ahead' && state)} aria-current={state === 'now' ? 'step' : undefined}>
            <span className={c('node')}>
              {state === 'done' ? <Icon name="check" size={1.1} weight={3.6} /> : null}
              {state === 'skipped' ? <SkippedRing /> : null}
            </span>
            <span className={c('label')}>
              {label}
              <span className="only-spoken">{`, ${spokenState}`}</span>
            </span>
            <span className={c('line')} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function SkippedRing() {
  return (
    <svg viewBox="0 0 40 40" className={c('dashes')} aria-hidden="true" focusable="false">
      <circle cx="20" cy="20" r="18.2" fill="none" stroke="var(--edge)" strokeWidth="3.6" strokeDasharray="6.2 5.235" />
      <path d="M14.5 20h11" stroke="var(--edge)" strokeWidth="3.6" strokeLinecap="round" />
    </svg>
  );
}
