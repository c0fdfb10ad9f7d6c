interface PortShapeProps {
  readonly width: number;
  readonly height: number;
  /** Open notches along the lower edge, from left to right. `lit` draws the golden outline. */
  readonly notches: readonly { readonly centre: number; readonly width: number; readonly depth: number; readonly lit: boolean }[];
}

/** The block of ports at the front of the desk: a bar with notches in its lower edge, from (0,0). */
export function PortShape({ width, height, notches }: PortShapeProps) {
  const round = 46;
  const edge = notches
    .toReversed()
    .map(({ centre, width: gap, depth }) => {
      const left = centre - gap / 2;
      const right = centre + gap / 2;
      return `H${right}v${-(depth - 9)}a9 9 0 0 0-9-9H${left + 9}a9 9 0 0 0-9 9v${depth - 9}`;
    })
    .join('');
  return (
    <g strokeLinejoin="round" strokeLinecap="round">
      <path
        d={`M${round} 0H${width - round}a${round} ${round} 0 0 1 ${round} ${round}V${height - round}a${round} ${round} 0 0 1-${round} ${round}${edge}H${round}a${round} ${round} 0 0 1-${round}-${round}V${round}a${round} ${round} 0 0 1 ${round}-${round}z`}
        fill="var(--draw-paper)"
        stroke="var(--draw-line)"
        strokeWidth="5.5"
      />
      {notches.map(({ centre, width: gap, depth, lit }) =>
        lit ? (
          <path
            key={centre}
            d={`M${centre - gap / 2 - 16} ${height - 11}v${-(depth - 9)}a16 16 0 0 1 16-16h${gap}a16 16 0 0 1 16 16v${depth - 9}`}
            fill="none"
            stroke="var(--draw-lit, var(--brass))"
            strokeWidth="10.5"
          />
        ) : null,
      )}
    </g>
  );
}
