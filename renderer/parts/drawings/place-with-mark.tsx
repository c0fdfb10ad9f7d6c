import { Badge } from './badge.tsx';
import { Drawing } from './drawing.tsx';
import type { MarkKind } from '../mark.tsx';

const floors = [156, 246, 336];
const windows = [96, 186, 276];

/** The office, with a mark: this desk is not where it should be. */
export function PlaceWithMark({ name, kind }: { readonly name: string; readonly kind: MarkKind }) {
  return (
    <Drawing name={name} width={440} height={600}>
      <g stroke="var(--draw-line)" strokeWidth="6.5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8 556h424" fill="none" />
        <path d="M50 556V112a18 18 0 0 1 18-18h264a18 18 0 0 1 18 18v444z" fill="var(--draw-paper)" />
        <path d="M120 94V52h160v42" fill="var(--draw-stone)" />
        <path d="M156 556V446a10 10 0 0 1 10-10h68a10 10 0 0 1 10 10v110z" fill="var(--draw-stone)" />
        <g fill="var(--draw-code)" strokeWidth="5">
          {floors.flatMap((y) =>
            windows.map((x) => <rect key={`${x} ${y}`} x={x - 24} y={y - 26} width="52" height="58" rx="8" />),
          )}
        </g>
      </g>
      <Badge kind={kind} x={346} y={486} radius={78} />
    </Drawing>
  );
}
