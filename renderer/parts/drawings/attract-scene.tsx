import { classNamer } from '../../look/class-names.ts';
import { Drawing } from './drawing.tsx';
import styles from './drawings.module.css';
import { KeyShape } from './key-shape.tsx';
import { PhoneShape } from './phone-shape.tsx';
import { SlipShape } from './slip-shape.tsx';

const c = classNamer(styles);

/** The three things to have ready, in the light the key will give. */
export function AttractScene({ name }: { readonly name: string }) {
  return (
    <Drawing name={name} width={900} height={780} spills>
      <g transform="translate(450 390)">
        {[388, 301, 207, 132].map((radius) => (
          <circle key={radius} r={radius} fill="var(--halo)" />
        ))}
        {[301, 207, 132].map((radius, place) => (
          <circle
            key={radius}
            className={c('breathes', `ring-${3 - place}`)}
            r={radius}
            fill="none"
            stroke="var(--light)"
            strokeWidth="5.5"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </g>
      <g transform="translate(194 421) rotate(-9) scale(1.08) translate(-120 -183)">
        <SlipShape />
      </g>
      <g transform="translate(707 412) rotate(9) scale(1.18) translate(-94 -189)">
        <PhoneShape sign="scan" />
      </g>
      <g transform="translate(450 390) scale(1.32)">
        <KeyShape plug="usb-a" state="glowing" />
      </g>
    </Drawing>
  );
}
