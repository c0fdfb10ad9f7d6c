import { classNamer } from '../../look/class-names.ts';
import { Badge } from './badge.tsx';
import { Drawing } from './drawing.tsx';
import styles from './drawings.module.css';
import { KeyShape } from './key-shape.tsx';

const c = classNamer(styles);

const rays = Array.from({ length: 20 }, (_, place) => place * 18 + 9);

/** The morning sun behind the key that just passed its test. */
export function SuccessScene({ name }: { readonly name: string }) {
  return (
    <Drawing name={name} width={780} height={736} spills>
      <g transform="translate(390 375)">
        <circle className={c('sun')} r="274" fill="var(--sun)" stroke="var(--sun-line)" strokeWidth="5" />
        <g className={c('rays')} stroke="var(--brass)" strokeWidth="8" strokeLinecap="round">
          {rays.map((angle, place) => (
            <path key={angle} d={place % 2 === 0 ? 'M0-304v-24' : 'M0-304v-44'} transform={`rotate(${angle})`} />
          ))}
        </g>
      </g>
      <g transform="translate(390 407) scale(1.2)">
        <KeyShape plug="usb-a" state="glowing" />
      </g>
      <Badge kind="done" x={521} y={528} radius={86} />
    </Drawing>
  );
}
