import { Badge } from './badge.tsx';
import { Drawing } from './drawing.tsx';
import { KeyShape } from './key-shape.tsx';
import { PhoneShape } from './phone-shape.tsx';
import { SlipShape } from './slip-shape.tsx';
import type { MarkKind } from '../mark.tsx';

/** A key standing for "what you have now", on a card. */
export function SmallKey() {
  return (
    <Drawing name={null} width={160} height={388}>
      <g transform="translate(80 218)">
        <KeyShape plug="usb-a" />
      </g>
    </Drawing>
  );
}

/** A phone standing for "what you have now", on a card. */
export function SmallPhone({ done }: { readonly done: boolean }) {
  return (
    <Drawing name={null} width={200} height={390}>
      <g transform="translate(6 6)">
        <PhoneShape sign={done ? 'done' : 'blank'} />
      </g>
    </Drawing>
  );
}

/** One large key with a mark: something about the key needs a look. */
export function KeyWithMark({ name, kind }: { readonly name: string; readonly kind: MarkKind }) {
  return (
    <Drawing name={name} width={420} height={600}>
      <g transform="translate(200 332) scale(1.45)">
        <KeyShape plug="usb-a" state={kind === 'stop' ? 'refused' : 'resting'} />
      </g>
      <Badge kind={kind} x={318} y={496} radius={84} />
    </Drawing>
  );
}

/** One large phone with a mark. */
export function PhoneWithMark({ name, kind }: { readonly name: string; readonly kind: MarkKind }) {
  return (
    <Drawing name={name} width={420} height={600}>
      <g transform="translate(66 14) scale(1.5)">
        <PhoneShape sign="blank" />
      </g>
      <Badge kind={kind} x={336} y={496} radius={78} />
    </Drawing>
  );
}

/** One large pass slip with a mark. */
export function SlipWithMark({ name, kind }: { readonly name: string; readonly kind: MarkKind }) {
  return (
    <Drawing name={name} width={440} height={600}>
      <g transform="translate(48 40) rotate(-5 165 250) scale(1.36)">
        <SlipShape />
      </g>
      <Badge kind={kind} x={344} y={496} radius={78} />
    </Drawing>
  );
}
