/** The mark of the desk: a key with a ring, a stem and one single tooth, the first one. */
export function Logo({ tone = 'accent' }: { readonly tone?: 'accent' | 'brass' }) {
  const ground = tone === 'accent' ? 'var(--accent)' : 'var(--brass)';
  const line = tone === 'accent' ? 'var(--on-accent)' : '#221f1b';
  return (
    <svg viewBox="0 0 52 52" aria-hidden="true" focusable="false">
      <rect width="52" height="52" rx="14" fill={ground} />
      <g fill="none" stroke={line} strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="25" cy="17.5" r="7.5" />
        <path d="M25 25v18m0-3h8" />
      </g>
    </svg>
  );
}
