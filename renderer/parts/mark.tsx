// Marks differ by shape first and by colour second; the word beside them says the rest.

export type MarkKind = 'done' | 'attention' | 'stop' | 'info' | 'working' | 'open' | 'skipped';

/** A status mark of `size` rem; silent, because a word always stands beside it. */
export function Mark({ kind, size = 4.4 }: { readonly kind: MarkKind; readonly size?: number }) {
  const edge = `calc(${size}rem * var(--mark-scale, 1))`;
  return (
    <svg viewBox="0 0 44 44" style={{ inlineSize: edge, blockSize: edge }} aria-hidden="true" focusable="false">
      <MarkShape kind={kind} />
    </svg>
  );
}

/** The shape alone, centred on 22,22 of a 44 grid, for use inside a drawing. */
export function MarkShape({ kind }: { readonly kind: MarkKind }) {
  switch (kind) {
    case 'done':
      return (
        <>
          <circle cx="22" cy="22" r="20" fill="var(--success)" />
          <Stroke d="m12.6 22.6 6.4 6.4 12.4-13.2" width={5} />
        </>
      );
    case 'attention':
      return (
        <>
          <path d="M22 5.5 40 36.5H4z" fill="var(--attention)" stroke="var(--attention)" strokeWidth="5" strokeLinejoin="round" />
          <Stroke d="M22 16v10" width={4.6} />
          <circle cx="22" cy="32.6" r="2.7" fill="var(--on-mark)" />
        </>
      );
    case 'stop':
      return (
        <>
          <path d="M13.7 2h16.6L42 13.7v16.6L30.3 42H13.7L2 30.3V13.7z" fill="var(--danger)" />
          <Stroke d="M13 22h18" width={5} />
        </>
      );
    case 'info':
      return (
        <>
          <rect x="3" y="3" width="38" height="38" rx="10" fill="var(--accent)" />
          <circle cx="22" cy="12.8" r="2.8" fill="var(--on-accent)" />
          <path d="M22 20.5v12" fill="none" stroke="var(--on-accent)" strokeWidth="5" strokeLinecap="round" />
        </>
      );
    case 'working':
      return (
        <>
          <circle cx="22" cy="22" r="17" fill="none" stroke="var(--track)" strokeWidth="7" />
          <g data-turns="" transform-origin="22 22">
            <path d="M22 5a17 17 0 0 1 17 17" fill="none" stroke="var(--accent)" strokeWidth="7" strokeLinecap="round" />
          </g>
        </>
      );
    case 'open':
      return (
        <circle
          cx="22"
          cy="22"
          r="18"
          fill="none"
          stroke="var(--edge)"
          strokeWidth="4.4"
          strokeLinecap="round"
          strokeDasharray="0.1 8.6"
        />
      );
    case 'skipped':
      return (
        <>
          <circle cx="22" cy="22" r="18" fill="none" stroke="var(--edge)" strokeWidth="3.6" strokeDasharray="6.2 5.11" />
          <path d="M15 22h14" fill="none" stroke="var(--edge)" strokeWidth="4" strokeLinecap="round" />
        </>
      );
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function Stroke({ d, width }: { readonly d: string; readonly width: number }) {
  return <path d={d} fill="none" stroke="var(--on-mark)" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />;
}
