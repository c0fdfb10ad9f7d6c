interface RingProps {
  /** What is left, 0 to 1; drawn from twelve o'clock, never mirrored. */
  readonly fraction: number;
  readonly thickness: number;
  readonly track: string;
  readonly colour: string;
}

/** A ring that empties with the time that is left. Fills its place. */
export function Ring({ fraction, thickness, track, colour }: RingProps) {
  const radius = 50 - thickness / 2;
  const round = 2 * Math.PI * radius;
  const left = Math.min(1, Math.max(0, fraction)) * round;
  return (
    <svg viewBox="0 0 100 100" width="100%" height="100%" aria-hidden="true" focusable="false">
      <circle cx="50" cy="50" r={radius} fill="none" stroke={track} strokeWidth={thickness} />
      {left > 0 ? (
        <circle
          cx="50"
          cy="50"
          r={radius}
          fill="none"
          stroke={colour}
          strokeWidth={thickness}
          strokeDasharray={`${left} ${round}`}
          transform="rotate(-90 50 50)"
        />
      ) : null}
    </svg>
  );
}
