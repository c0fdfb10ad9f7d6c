import type { ReactNode } from 'react';
import type { PracticeKey, PracticeKeyKind } from '../../../contract/practice.ts';
import { Drawing } from './drawing.tsx';
import { KeyShape } from './key-shape.tsx';

/** A key in the training tray. What is special about it stands on its body, so that no two look alike. */
export function TrayKey({ plug, kind, state }: Pick<PracticeKey, 'plug' | 'kind' | 'state'>) {
  const refused = kind === 'locked' || kind === 'u2f';
  const ink = refused ? 'var(--draw-line)' : 'var(--draw-dot)';
  return (
    <Drawing name={null} width={170} height={400}>
      <g transform="translate(85 222)">
        <KeyShape
          plug={plug === 'usb-c' ? 'usb-c' : 'usb-a'}
          state={state === 'blinking' ? 'glowing' : refused ? 'refused' : 'resting'}
          hole={signs[kind] === null}
        />
        <g
          transform="translate(0 101)"
          fill="none"
          stroke={ink}
          strokeWidth="9"
          strokeLinecap="round"
          strokeLinejoin="round"
          color={ink}
        >
          {signs[kind]}
        </g>
        {kind === 'fingerprint' ? ridges : null}
      </g>
    </Drawing>
  );
}

const spot = (x: number, y: number, r: number): ReactNode => <circle cx={x} cy={y} r={r} fill="currentColor" stroke="none" />;

/** On the contact disc, round its middle. */
const ridges = (
  <g fill="none" stroke="var(--draw-window)" strokeWidth="5" strokeLinecap="round">
    <path d="M-20 14v-10a20 20 0 0 1 40 0v10" />
    <path d="M-9 18v-14a9 9 0 0 1 18 0v14" />
  </g>
);

/** Each in a field of 96 × 80 round its middle. Null: nothing is special about it, and it has its hole for a lanyard. */
const signs: Readonly<Record<PracticeKeyKind, ReactNode>> = {
  modern: null,
  fingerprint: null,
  u2f: null,
  // A spark: there is nothing newer.
  latest: <path d="M0-38C4-10 10-4 38 0 10 4 4 10 0 38-4 10-10 4-38 0-10-4-4-10 0-38z" fill="currentColor" strokeWidth="4" />,
  // A clock: its time is over soon.
  ctap20: (
    <>
      <circle r="34" />
      <path d="M0-18V2l14 9" />
    </>
  ),
  pinSet: (
    <>
      {spot(-32, 0, 11)}
      {spot(0, 0, 11)}
      {spot(32, 0, 11)}
    </>
  ),
  mustChange: (
    <>
      <path d="M30-14A33 33 0 1 0 33 8" />
      <path d="M34-36v22H12" />
    </>
  ),
  shared: (
    <>
      <circle cx="-18" cy="-16" r="13" />
      <path d="M-44 32a26 26 0 0 1 52 0" />
      <path d="M16-28a13 13 0 0 1 4 25M30 10a26 26 0 0 1 14 22" />
    </>
  ),
  full: <path d="M-32-24h64M-32 0h64M-32 24h64" strokeWidth="15" />,
  // One spot of three is left.
  lastTry: (
    <>
      {spot(-32, 0, 12)}
      <circle r="8" strokeWidth="6" />
      <circle cx="32" r="8" strokeWidth="6" />
    </>
  ),
  locked: (
    <>
      <rect x="-28" y="-8" width="56" height="40" rx="9" />
      <path d="M-16-8v-12a16 16 0 0 1 32 0v12" />
    </>
  ),
};
