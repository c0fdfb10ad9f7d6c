import { MarkShape } from '../mark.tsx';
import { Drawing } from './drawing.tsx';

/** The one sign on the phone's screen. */
export type PhoneSign = 'scan' | 'switchOff' | 'switchOn' | 'done' | 'number' | 'app' | 'blank';

/** A phone of nobody's brand, 188 × 378. */
export function PhoneShape({ sign }: { readonly sign: PhoneSign }) {
  return (
    <g stroke="var(--draw-line)" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
      <rect x="0" y="0" width="188" height="378" rx="34" fill="var(--draw-paper)" />
      <path d="M74 17h40" fill="none" strokeWidth="4" />
      <rect
        x="20"
        y="34"
        width="148"
        height="308"
        rx="15"
        fill="var(--draw-screen)"
        stroke="var(--draw-screen-line, none)"
        strokeWidth="3"
      />
      <Sign sign={sign} />
    </g>
  );
}

function Sign({ sign }: { readonly sign: PhoneSign }) {
  switch (sign) {
    case 'scan':
      return (
        <>
          <path
            d="M47 154v-27a10 10 0 0 1 10-10h27m20 0h27a10 10 0 0 1 10 10v27m0 70v27a10 10 0 0 1-10 10h-27m-20 0H57a10 10 0 0 1-10-10v-27"
            fill="none"
          />
          <path d="M38 189h112" stroke="var(--brass)" strokeWidth="7" />
        </>
      );
    case 'switchOff':
    case 'switchOn':
      return <SwitchSign on={sign === 'switchOn'} />;
    case 'done':
      return (
        <g stroke="none" transform="translate(94 189) scale(2) translate(-22 -22)">
          <MarkShape kind="done" />
        </g>
      );
    case 'number':
      return (
        <>
          <rect x="46" y="104" width="96" height="76" rx="14" fill="var(--draw-paper)" />
          <path d="M64 156h60" fill="none" />
          <rect x="46" y="212" width="96" height="42" rx="21" fill="var(--draw-body)" />
        </>
      );
    case 'app':
      return (
        <>
          <rect x="56" y="132" width="76" height="76" rx="18" fill="var(--draw-paper)" />
          <path d="M94 152v30m-14-13 14 14 14-14" fill="none" />
          <path d="M64 234h60" fill="none" />
        </>
      );
    case 'blank':
      return null;
    default: {
      const never: never = sign;
      return never;
    }
  }
}

function SwitchSign({ on }: { readonly on: boolean }) {
  return (
    <>
      <circle cx="60" cy="92" r="17" fill="var(--draw-paper)" />
      <path d="M90 85h54M90 102h34" fill="none" />
      <rect x="46" y="172" width="96" height="52" rx="26" fill={on ? 'var(--draw-body)' : 'var(--draw-stone)'} />
      <circle cx={on ? 116 : 72} cy="198" r="19" fill="var(--draw-paper)" />
    </>
  );
}

/** The phone as a drawing of its own. */
export function Phone({ name, sign }: { readonly name: string | null; readonly sign: PhoneSign }) {
  return (
    <Drawing name={name} width={200} height={390}>
      <g transform="translate(6 6)">
        <PhoneShape sign={sign} />
      </g>
    </Drawing>
  );
}

/** The slip beside the phone: the pass is typed there once more. */
export function SlipAndPhone({
  name,
  sign,
  slip,
}: {
  readonly name: string;
  readonly sign: PhoneSign;
  readonly slip: React.ReactNode;
}) {
  return (
    <Drawing name={name} width={720} height={740}>
      <g transform="translate(20 320) rotate(-7 118 183)">{slip}</g>
      <g transform="translate(366 24) scale(1.83)">
        <PhoneShape sign={sign} />
      </g>
    </Drawing>
  );
}
