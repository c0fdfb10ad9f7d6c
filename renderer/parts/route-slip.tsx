import { classNamer } from '../look/class-names.ts';
import styles from './route-slip.module.css';

const c = classNamer(styles);

export interface RouteLine {
  readonly id: string;
  readonly title: string;
  readonly small: string;
  readonly minutes: string;
}

interface RouteSlipProps {
  readonly title: string;
  readonly lines: readonly RouteLine[];
  readonly together: string;
  readonly total: string;
}

/** The way ahead on a torn-off slip; it rewrites itself with each answer. */
export function RouteSlip({ title, lines, together, total }: RouteSlipProps) {
  return (
    <section className={c('slip')} aria-live="polite">
      <h2 className={c('title')}>{title}</h2>
      <ol className={c('lines')}>
        {lines.map(({ id, title: what, small, minutes }, place) => (
          <li key={id} className={c('line')}>
            <span className={c('number')} aria-hidden="true">
              {place + 1}
            </span>
            <span className={c('words')}>
              <b className={c('what')}>{what}</b>
              <span className={c('small')} data-spare="">
                {small}
              </span>
            </span>
            <span className={c('minutes')}>{minutes}</span>
          </li>
        ))}
      </ol>
      <div className={c('tear')}>
        <span className={c('dots')} />
      </div>
      <p className={c('sum')}>
        <span>{together}</span>
        <b>{total}</b>
      </p>
    </section>
  );
}
