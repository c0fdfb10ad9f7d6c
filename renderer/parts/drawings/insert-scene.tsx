import { classNamer } from '../../look/class-names.ts';
import { Chevrons } from './chevrons.tsx';
import { Drawing } from './drawing.tsx';
import styles from './drawings.module.css';
import { KeyShape } from './key-shape.tsx';
import { PortShape } from './port-shape.tsx';

const c = classNamer(styles);

/** Two keys under two ports: a wide plug to the wide notch, a narrow one to the narrow notch. */
export function InsertScene({ name }: { readonly name: string }) {
  return (
    <Drawing name={name} width={640} height={740}>
      <g transform="translate(0 24)">
        <g transform="translate(12 6)">
          <PortShape
            width={615}
            height={178}
            notches={[
              { centre: 190, width: 98, depth: 88, lit: true },
              { centre: 452, width: 74, depth: 68, lit: true },
            ]}
          />
        </g>
        <g transform="translate(202 192)">
          <Chevrons towards="port" />
        </g>
        <g transform="translate(464 192)">
          <Chevrons towards="port" />
        </g>
        <g transform="translate(202 518)">
          <g className={c('goes-in', 'goes-in-far')}>
            <KeyShape plug="usb-a" />
          </g>
        </g>
        <g transform="translate(464 472) scale(0.83)">
          <g className={c('goes-in')}>
            <KeyShape plug="usb-c" />
          </g>
        </g>
      </g>
    </Drawing>
  );
}
