import { Drawing } from './drawing.tsx';
import { KeyShape } from './key-shape.tsx';

/** This desk, dark, and the next one, where a key is waiting; an arrow from one to the other. */
export function DesksScene({ name }: { readonly name: string }) {
  return (
    <Drawing name={name} width={910} height={650}>
      <g strokeLinecap="round" strokeLinejoin="round" strokeWidth="6.5">
        <path d="M8 634h892" stroke="var(--draw-line)" fill="none" />
        <g stroke="var(--draw-quiet, var(--edge))" fill="var(--draw-stone)">
          <Desk />
        </g>
        <path d="M180 230h102" stroke="var(--draw-line)" fill="none" />
        <g transform="translate(443 0)" stroke="var(--draw-line)" fill="var(--draw-paper)">
          <Desk />
          <circle cx="231" cy="229" r="74" fill="var(--sun)" stroke="var(--sun-line)" strokeWidth="4" />
        </g>
        <g transform="translate(674 236) scale(0.27)">
          <KeyShape plug="usb-a" />
        </g>
        <path d="M250 84C340 6 520-4 640 76m-58-4 62 6 6-62" stroke="var(--accent)" strokeWidth="12" fill="none" />
      </g>
    </Drawing>
  );
}

/** This desk alone, being made ready for the next person. */
export function DeskScene({ name }: { readonly name: string }) {
  return (
    <Drawing name={name} width={460} height={560}>
      <g strokeLinecap="round" strokeLinejoin="round" strokeWidth="6.5" stroke="var(--draw-line)" transform="translate(0 -90)">
        <path d="M8 634h444" fill="none" />
        <g fill="var(--draw-paper)">
          <Desk />
        </g>
        <path d="M274 199a60 60 0 1 0 16 44m-12-74v34h-34" fill="none" stroke="var(--accent)" strokeWidth="11" />
      </g>
    </Drawing>
  );
}

function Desk() {
  return (
    <>
      <path d="M184 460l12-128h60l12 128z" />
      <rect x="70" y="126" width="322" height="208" rx="32" />
      <rect x="66" y="446" width="330" height="188" />
      <rect x="31" y="402" width="396" height="48" rx="15" />
    </>
  );
}
