import type { ReactNode } from 'react';

// Drawn on a grid of 24 with one round line of 2.3, so that they hold beside the text at every size.

const dot = (x: number, y: number, r = 1.35): ReactNode => <circle cx={x} cy={y} r={r} fill="currentColor" stroke="none" />;

const drawings = {
  lock: (
    <>
      <rect x="4.8" y="10.6" width="14.4" height="9.6" rx="2.6" />
      <path d="M8 10.4V7.8a4 4 0 0 1 8 0v2.6" />
    </>
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="9" />
      <ellipse cx="12" cy="12" rx="4.2" ry="9" />
      <path d="M3 12h18" />
    </>
  ),
  display: (
    <>
      <circle cx="12" cy="12" r="9.4" />
      {dot(12, 7.4, 1.7)}
      <path d="m7.6 10.6 4.4.8 4.4-.8M12 11.4v2.4m-2.4 4 2.4-4 2.4 4" strokeWidth="2" />
    </>
  ),
  textSize: <path d="m2 18.6 5.4-13h.4l5.4 13M4 14.2h7.2m3 4.4 3.2-8h.4l3.2 8m-5.6-2.6h4.4" />,
  contrast: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor" stroke="none" />
    </>
  ),
  startAgain: <path d="M3.6 4.2 5 9.2l5-1.2M5 9.2a8 8 0 1 1-.9 4.4" />,
  help: (
    <>
      <circle cx="12" cy="12" r="9.2" />
      <path d="M9.3 9.6a2.75 2.75 0 1 1 4.3 2.3c-1 .7-1.6 1.1-1.6 2.1" />
      {dot(12, 16.9)}
    </>
  ),
  back: <path d="M20.4 12H3.8m6.4-6.4L3.8 12l6.4 6.4" />,
  next: <path d="M3.6 12h16.6m-6.4-6.4 6.4 6.4-6.4 6.4" />,
  check: <path d="m4.4 12.8 4.9 4.9L19.8 6.8" />,
  delete: (
    <>
      <path d="M8.4 5h10.4a2.2 2.2 0 0 1 2.2 2.2v9.6a2.2 2.2 0 0 1-2.2 2.2H8.4L2.8 12z" />
      <path d="m12 9.6 4.8 4.8m0-4.8L12 14.4" />
    </>
  ),
  keyboard: (
    <>
      <rect x="2.6" y="5.4" width="18.8" height="13.2" rx="2.6" />
      {dot(7, 9.8)}
      {dot(10.4, 9.8)}
      {dot(13.7, 9.8)}
      {dot(17, 9.8)}
      <path d="M8.4 14.4h7.2" />
    </>
  ),
  printer: (
    <>
      <path d="M7.2 8V3.6h9.6V8" />
      <path d="M7 17H5.4A2.4 2.4 0 0 1 3 14.6V11a3 3 0 0 1 3-3h12a3 3 0 0 1 3 3v3.6a2.4 2.4 0 0 1-2.4 2.4H17" />
      <rect x="7" y="13.6" width="10" height="6.8" rx="1.4" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="7.8" r="3.9" />
      <path d="M4.4 20.4c.9-4.2 3.9-6.2 7.6-6.2s6.7 2 7.6 6.2" />
    </>
  ),
  call: (
    <path d="M6.2 3.8h2.5c.6 0 1 .4 1.2.9l1 3c.1.5 0 1-.4 1.3L8.8 10.4c1.1 2.1 2.7 3.7 4.8 4.8l1.4-1.7c.3-.4.8-.5 1.3-.4l3 1c.5.2.9.6.9 1.2v2.5c0 1.3-1.1 2.4-2.4 2.4C10.3 20.2 3.8 13.7 3.8 6.2c0-1.3 1.1-2.4 2.4-2.4z" />
  ),
  plus: <path d="M12 4.4v15.2M4.4 12h15.2" />,
  down: <path d="M12 4v15.4m-6-6 6 6 6-6" />,
  close: <path d="m5.6 5.6 12.8 12.8m0-12.8L5.6 18.4" />,
  key: (
    <>
      <path d="M9.2 8.4V3.4h5.6v5" />
      <rect x="6.6" y="8.4" width="10.8" height="12.8" rx="4.6" />
      <circle cx="12" cy="13.8" r="1.9" />
    </>
  ),
  phone: (
    <>
      <rect x="6.2" y="2.8" width="11.6" height="18.4" rx="3" />
      <path d="M10.8 17.6h2.4" />
    </>
  ),
  slip: (
    <>
      <path d="M4.8 3.2h14.4v17.4l-2.4-1.8-2.4 1.8-2.4-1.8-2.4 1.8-2.4-1.8-2.4 1.8z" />
      <path d="M8.8 8.2h6.4m-6.4 4.2h4.4" />
    </>
  ),
  shift: <path d="m12 3.8 8.2 8.6h-4.4v7H8.2v-7H3.8z" />,
  enter: <path d="M20 5.2v6.4a2.6 2.6 0 0 1-2.6 2.6H4.6m5-5-5 5 5 5" />,
  motion: (
    <>
      <circle cx="16.6" cy="12" r="4.6" />
      <path d="M2.6 7.6h7m-5.2 4.4h4.4m-6.2 4.4h7" />
    </>
  ),
  lower: <path d="M12 3.4v12m-5.4-5 5.4 5.4 5.4-5.4M4 20.4h16" />,
  eject: <path d="M12 15.4V3.6M6.6 9 12 3.6 17.4 9M4 20.4h16" />,
  plugIn: <path d="M12 20.6V8.4m-5.4 5L12 8l5.4 5.4M4 3.6h16" />,
  touch: (
    <>
      {dot(12, 12, 3.6)}
      <circle cx="12" cy="12" r="6.4" />
      <circle cx="12" cy="12" r="10" opacity="0.5" />
    </>
  ),
  camera: (
    <>
      <path d="M3.4 8.2V5.4a2 2 0 0 1 2-2h2.8m7.6 0h2.8a2 2 0 0 1 2 2v2.8m0 7.6v2.8a2 2 0 0 1-2 2h-2.8m-7.6 0H5.4a2 2 0 0 1-2-2v-2.8" />
      <path d="M7 12h10" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** Icons that point somewhere and so turn round in a language that reads from the right. */
const mirrored: ReadonlySet<IconName> = new Set(['back', 'next', 'startAgain', 'delete', 'enter']);

/** Decoration beside a word: never the only sign, so never spoken. Sized in ems of the text it stands with. */
export function Icon({
  name,
  size = 1.2,
  weight = 2.3,
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly weight?: number;
}) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={`${size}em`}
      height={`${size}em`}
      fill="none"
      stroke="currentColor"
      strokeWidth={weight}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      data-mirrors={mirrored.has(name) ? '' : undefined}
    >
      {drawings[name]}
    </svg>
  );
}
