// What hands do for a command, and what they wait for, as a stream.
import type { FingerprintSample } from '../ports/key-care.ts';
import type { KeyProgress } from '../ports/key.ts';

/** `holdSeconds`: how long the finger stays, where a short touch will not do. */
export type KeyStep =
  /** `choose`: all keys that are plugged in blink, and the touched one is the one that is meant. */
  | { readonly step: 'insert' | 'choose' | 'touched' | 'wait' }
  | { readonly step: 'touch'; readonly holdSeconds?: number }
  | { readonly step: 'remove'; readonly model: string }
  /** `withinSeconds`: how long after being plugged in the key takes what is asked of it. */
  | { readonly step: 'insertAgain'; readonly model: string; readonly withinSeconds: number; readonly holdSeconds?: number }
  /** One touch of the sensor was taken, or not; `left` more are wanted. */
  | ({ readonly step: 'sample' } & FingerprintSample);

export function stepOf(progress: KeyProgress): KeyStep {
  switch (progress) {
    case 'working':
      return { step: 'wait' };
    case 'touchNeeded':
      return { step: 'touch' };
    case 'touched':
      return { step: 'touched' };
    default:
      return progress satisfies never;
  }
}
