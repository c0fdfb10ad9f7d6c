import type { KeyPlug } from '../../../contract/snapshot.ts';

interface KeyShapeProps {
  readonly plug: Exclude<KeyPlug, 'unknown'>;
  /** A refused key loses its colour; a glowing one has light in its disc. */
  readonly state?: 'resting' | 'refused' | 'glowing';
  /** A key in a port shows no plug. */
  readonly plugged?: boolean;
  /** For a lanyard. */
  readonly hole?: boolean;
}

/**
 * A security key seen from above, plug up, around the middle of its contact disc: the body spans 144 × 276 from (-72,-113),
 * the plug reaches up to -211 (USB-A) or -200 (USB-C). One line of 6.
 */
export function KeyShape({ plug, state = 'resting', plugged = false, hole = true }: KeyShapeProps) {
  const refused = state === 'refused';
  return (
    <g stroke="var(--draw-line)" strokeWidth="6" strokeLinejoin="round" strokeLinecap="round">
      {plugged ? null : <PlugShape plug={plug} refused={refused} />}
      <rect x="-72" y="-113" width="144" height="276" rx="46" fill={refused ? 'var(--draw-body-refused)' : 'var(--draw-body)'} />
      <circle r="42" fill={refused ? 'var(--draw-stone)' : state === 'glowing' ? 'var(--light)' : 'var(--draw-disc)'} />
      <circle r="30" fill="none" stroke={refused ? 'var(--edge)' : 'var(--draw-disc-ring)'} strokeWidth="3.5" />
      {hole ? <circle cy="115" r="17" fill="var(--draw-hole)" /> : null}
    </g>
  );
}

function PlugShape({ plug, refused }: { readonly plug: 'usb-a' | 'usb-c'; readonly refused: boolean }) {
  const metal = refused ? 'var(--draw-stone)' : 'var(--draw-metal)';
  if (plug === 'usb-c') {
    return (
      <>
        <path d="M-36-110v-58a30 30 0 0 1 30-30H6a30 30 0 0 1 30 30v58" fill={metal} />
        <path d="M-13-166h26" strokeWidth="5" fill="none" />
      </>
    );
  }
  return (
    <>
      <path d="M-43-110v-92a8 8 0 0 1 8-8h70a8 8 0 0 1 8 8v92" fill={metal} />
      <g stroke="none" fill="var(--draw-window)">
        <rect x="-26" y="-180" width="17" height="20" rx="2.5" />
        <rect x="9" y="-180" width="17" height="20" rx="2.5" />
      </g>
    </>
  );
}
