import type { KeyPlug } from '../../../contract/snapshot.ts';
import { classNamer } from '../../look/class-names.ts';
import { Badge } from './badge.tsx';
import { Chevrons } from './chevrons.tsx';
import { Drawing } from './drawing.tsx';
import styles from './drawings.module.css';
import { HandShape } from './hand-shape.tsx';
import { KeyShape } from './key-shape.tsx';
import { PortShape } from './port-shape.tsx';

const c = classNamer(styles);

/** What the key in the port is doing; the key itself never moves between these. */
export type KeySceneState = 'resting' | 'good' | 'wantsTouch' | 'touched';

interface KeySceneProps {
  readonly name: string;
  readonly plug: KeyPlug;
  readonly state: KeySceneState;
}

const centre = { x: 390, y: 321 };

/** The key in its port, in the same place at the same size from plugged in until it works; only the world around it changes. */
export function KeyScene({ name, plug, state }: KeySceneProps) {
  const lit = state === 'wantsTouch' || state === 'touched';
  return (
    <Drawing name={name} width={780} height={736} spills>
      <g transform={`translate(${centre.x} ${centre.y})`} className={c('halo', `halo-${state}`)}>
        {[315, 257, 196, 137].map((radius) => (
          <circle key={radius} r={radius} fill="var(--halo)" />
        ))}
        {[257, 196, 137].map((radius, place) => (
          <circle
            key={radius}
            className={c('ring', `ring-${3 - place}`)}
            r={radius}
            fill="none"
            stroke="var(--light)"
            strokeWidth="5"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </g>
      <g transform="translate(118.5 30)">
        <PortShape width={543} height={132} notches={[{ centre: 442, width: 69, depth: 63, lit: false }]} />
      </g>
      <g transform={`translate(${centre.x} ${centre.y}) scale(1.4)`}>
        <KeyShape plug="usb-a" plugged state={lit ? 'glowing' : 'resting'} />
      </g>
      <path d={plug === 'usb-c' ? 'M332 162h116' : 'M310 162h160'} stroke="var(--brass)" strokeWidth="11" strokeLinecap="round" />
      {state === 'good' ? <Badge kind="done" x={529} y={566} radius={86} /> : null}
      {lit ? (
        <g transform={`translate(${centre.x} ${centre.y})`}>
          <HandShape away={state === 'touched'} />
        </g>
      ) : null}
    </Drawing>
  );
}

interface MovingKeySceneProps {
  readonly name: string;
  readonly plug: KeyPlug;
  /** Which way the hand moves the key. */
  readonly towards: 'port' | 'person';
  readonly refused: boolean;
}

/** One key on its way out of a port or back into it. */
export function MovingKeyScene({ name, plug, towards, refused }: MovingKeySceneProps) {
  const shape = plug === 'usb-c' ? 'usb-c' : 'usb-a';
  const gap = shape === 'usb-c' ? 96 : 119;
  return (
    <Drawing name={name} width={780} height={736}>
      <g transform="translate(118.5 30)">
        <PortShape width={543} height={132} notches={[{ centre: 271.5, width: gap, depth: 86, lit: true }]} />
      </g>
      <g transform="translate(390 196)">
        <Chevrons towards={towards} />
      </g>
      <g transform="translate(390 523) scale(1.09)">
        <g className={c(...moving(towards, refused))}>
          <KeyShape plug={shape} state={refused ? 'refused' : 'resting'} />
        </g>
      </g>
      {refused ? <Badge kind="stop" x={513} y={618} radius={80} /> : null}
    </Drawing>
  );
}

function moving(towards: 'port' | 'person', refused: boolean): readonly string[] {
  if (refused) return ['still'];
  return towards === 'port' ? ['goes-in', 'goes-in-large'] : ['comes-out'];
}
