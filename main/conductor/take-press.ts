// Presses of a PIN are for the desk's hands, not for the machines.
import type { PinIntent } from '../../contract/intent.ts';
import type { PinCollector } from './pin-collector.ts';

export function isPress(intent: { readonly type: string }): intent is PinIntent {
  return intent.type === 'pin.press' || intent.type === 'pin.delete' || intent.type === 'pin.submit';
}

/** Hands a press to whoever collects now; when nobody does, it is gone. */
export function takePress(press: PinIntent, collector: PinCollector | null): void {
  switch (press.type) {
    case 'pin.press':
      collector?.take({ kind: 'symbol', symbol: press.symbol });
      return;
    case 'pin.delete':
      collector?.take({ kind: 'delete' });
      return;
    case 'pin.submit':
      collector?.take({ kind: 'submit' });
      return;
    default:
      press satisfies never;
  }
}
