import { classNamer } from '../../look/class-names.ts';
import { MarkShape, type MarkKind } from '../mark.tsx';
import styles from './drawings.module.css';

const c = classNamer(styles);

/** A status mark of `radius` laid over a drawing at (x,y), with a rim of the ground so that it stands free. */
export function Badge({
  kind,
  x,
  y,
  radius,
}: {
  readonly kind: MarkKind;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}) {
  const scale = radius / 20;
  return (
    <g transform={`translate(${x} ${y}) scale(${scale}) translate(-22 -22)`}>
      <g className={c('badge')}>
        {kind === 'stop' ? (
          <path
            d="M13.7 2h16.6L42 13.7v16.6L30.3 42H13.7L2 30.3V13.7z"
            fill="var(--ground)"
            stroke="var(--ground)"
            strokeWidth="4.5"
            strokeLinejoin="round"
          />
        ) : kind === 'attention' ? (
          <path d="M22 5.5 40 36.5H4z" fill="var(--ground)" stroke="var(--ground)" strokeWidth="9.5" strokeLinejoin="round" />
        ) : (
          <circle cx="22" cy="22" r="22.2" fill="var(--ground)" />
        )}
        <MarkShape kind={kind} />
      </g>
    </g>
  );
}
