// The hand that training keys need in a terminal: it plugs them in, touches one that blinks, and pulls out and plugs in again
// the one that a person would. Asked which of several is meant, it means the one that was named first.
import type { PracticeKey } from '../../../contract/practice.ts';
import type { TrayClient } from '../../adapters/key-host/tray-client.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { KeyStep } from '../key-step.ts';
import { toldInTime } from '../told-in-time.ts';

export interface TrainingHand {
  /** Plugs in the keys it was given; null when there is one that the tray does not hold, and then what it holds. */
  plugIn(signal: AbortSignal): Promise<{ readonly unknown: readonly string[] } | null>;
  /** Does what a step asks of hands. */
  onStep(step: KeyStep): void;
  close(): void;
}

export interface TrainingHandParts {
  readonly tray: TrayClient;
  /** Names of keys in the tray. */
  readonly keys: readonly string[];
  readonly clock: ClockPort;
}

/** As fast as a hand, so that a person can read what happens. */
const touchAfterMs = 400;
const plugAfterMs = 600;
const trayWithinMs = 5_000;

export function trainingHand({ tray, keys, clock }: TrainingHandParts): TrainingHand {
  const timers = new Set<() => void>();
  const reaching = new Set<string>();
  const later = (delayMs: number, run: () => void) => {
    const stop = clock.after(delayMs, () => {
      timers.delete(stop);
      run();
    });
    timers.add(stop);
  };
  const ours = (model: string) => tray.keys.filter(({ id, name }) => keys.includes(id) && name === model);
  let isChoosing = false;
  const touchBlinking = (all: readonly PracticeKey[]) => {
    for (const { id, state } of all) {
      if (state !== 'blinking' || !keys.includes(id) || reaching.has(id) || (isChoosing && id !== keys[0])) continue;
      reaching.add(id);
      later(touchAfterMs, () => {
        reaching.delete(id);
        isChoosing = false;
        void tray.touch(id, 'finger');
      });
    }
  };
  const stopTouching = tray.onKeys(touchBlinking);
  return {
    async plugIn(signal) {
      const laidOut = await toldInTime<readonly PracticeKey[]>({
        clock,
        signal,
        withinMs: trayWithinMs,
        listen: (tell) => tray.onKeys((found) => (found.length > 0 ? tell(found) : undefined)),
      });
      const all = laidOut ?? [];
      if (!keys.every((key) => all.some(({ id }) => id === key))) return { unknown: all.map(({ id }) => id) };
      for (const key of keys) await tray.plugIn(key);
      return null;
    },
    onStep(step) {
      switch (step.step) {
        case 'remove':
          return later(plugAfterMs, () => ours(step.model).forEach(({ id }) => void tray.takeOut(id)));
        case 'insertAgain':
          return later(plugAfterMs, () => ours(step.model).forEach(({ id }) => void tray.plugIn(id)));
        case 'choose':
          isChoosing = true;
          return;
        case 'insert':
        case 'touch':
        case 'touched':
        case 'wait':
        case 'sample':
          return;
        default:
          return step satisfies never;
      }
    },
    close() {
      stopTouching();
      for (const stop of timers) stop();
      timers.clear();
    },
  };
}
