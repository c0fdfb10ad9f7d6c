// The effect that takes a PIN: while it runs, the keyboard and the pad belong to one collector.
import { fromCallback } from 'xstate';
import type { KeyboardPort } from '../ports/keyboard.ts';
import type { PinAsk } from '../session/effect.ts';
import type { PinFact } from '../session/event.ts';
import { PinCollector } from './pin-collector.ts';
import type { SecretCells } from './secret-cells.ts';

export interface CollectPinParts {
  readonly keyboard: KeyboardPort;
  readonly cells: SecretCells;
  readonly tell: (fact: PinFact) => void;
  /** The collector that takes presses now; null when none does. */
  readonly onCollector: (collector: PinCollector | null) => void;
}

export function collectPin({ keyboard, cells, tell, onCollector }: CollectPinParts) {
  return fromCallback<{ type: 'none' }, PinAsk>(({ input }) => {
    const collector = new PinCollector(input, cells, tell);
    onCollector(collector);
    const giveBack = keyboard.capture((stroke) => collector.take(stroke));
    return () => {
      giveBack();
      collector.stop();
      onCollector(null);
    };
  });
}
