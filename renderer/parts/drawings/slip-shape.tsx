import { Drawing } from './drawing.tsx';

const bars = [42, 53, 60, 74, 80, 93, 110, 117, 134, 142, 149, 163, 177, 184, 195];
const torn = Array.from(
  { length: 11 },
  (_, tooth) => `L${240 - (tooth * 240) / 11 - 120 / 11} 366L${240 - ((tooth + 1) * 240) / 11} 353`,
).join('');

/** The slip with the pass: a torn edge, a barcode, and the golden field, which says "this is the thing you type". 240 × 366. */
export function SlipShape() {
  return (
    <g stroke="var(--draw-line)" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
      <path d={`M0 353V18A16 16 0 0 1 16 2h208a16 16 0 0 1 16 16v335${torn}z`} fill="var(--draw-paper)" />
      <circle cx="120" cy="36" r="13" fill="var(--draw-hole)" />
      <path d="M42 88h106M42 120h70" fill="none" />
      <rect x="30" y="155" width="180" height="70" rx="14" fill="var(--draw-code)" />
      <g fill="var(--draw-code-ink)" stroke="none">
        {[60, 84, 108, 132, 156, 180].map((x) => (
          <circle key={x} cx={x} cy="190" r="7.5" />
        ))}
      </g>
      <path d={bars.map((x) => `M${x} 259v50`).join('')} fill="none" strokeWidth="4" />
    </g>
  );
}

/** The pass slip as a drawing of its own, a little tilted as it lies in a hand. */
export function PassSlip({ name }: { readonly name: string | null }) {
  return (
    <Drawing name={name} width={300} height={410}>
      <g transform="translate(28 30) rotate(-5 120 183)">
        <SlipShape />
      </g>
    </Drawing>
  );
}
