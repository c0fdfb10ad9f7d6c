import { classNamer } from '../../look/class-names.ts';
import { Drawing } from './drawing.tsx';
import styles from './drawings.module.css';
import { HandShape } from './hand-shape.tsx';
import { KeyShape } from './key-shape.tsx';
import { PortShape } from './port-shape.tsx';

const c = classNamer(styles);

interface ChooseSceneProps {
  readonly name: string;
  /** Whether the keys blink. */
  readonly lit: boolean;
}

const middles = [215, 585] as const;
const height = 300;
const scale = 1.12;
const radii = [190, 146, 102] as const;

/** Two keys in their ports, alike on purpose; while they blink a hand goes to one of them. */
export function ChooseScene({ name, lit }: ChooseSceneProps) {
  return (
    <Drawing name={name} width={800} height={736} spills>
      {middles.map((middle) => (
        <g
          key={middle}
          transform={`translate(${middle} ${height})`}
          className={c('halo', lit ? 'halo-wantsTouch' : 'halo-resting')}
        >
          <circle r={radii[0]} fill="var(--halo)" />
          {radii.map((radius, place) => (
            <circle
              key={radius}
              className={c('ring', `ring-${radii.length - place}`)}
              r={radius}
              fill="none"
              stroke="var(--light)"
              strokeWidth="5"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </g>
      ))}
      <g transform="translate(40 41)">
        <PortShape width={720} height={132} notches={[{ centre: 360, width: 69, depth: 63, lit: false }]} />
      </g>
      {middles.map((middle) => (
        <g key={middle}>
          <g transform={`translate(${middle} ${height}) scale(${scale})`}>
            <KeyShape plug="usb-a" plugged state={lit ? 'glowing' : 'resting'} />
          </g>
          <path d={`M${middle - 62} 173h124`} stroke="var(--brass)" strokeWidth="11" strokeLinecap="round" />
        </g>
      ))}
      {lit ? (
        <g transform={`translate(${middles[1]} ${height})`}>
          <HandShape away={false} />
        </g>
      ) : null}
    </Drawing>
  );
}
