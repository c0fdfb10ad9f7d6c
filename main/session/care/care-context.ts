// What the care machine remembers between two steps, and the questions its transitions ask of it. PINs are tickets.
import type { CareDeed, CareDone, CarePanel, CareTask } from '../../../contract/care.ts';
import type { Reason } from '../../../contract/reason.ts';
import type { Look } from '../../../contract/snapshot.ts';
import type { FingerprintSample, KeyAccounts, KeyFingerprint, KeyInspection } from '../../ports/key-care.ts';
import type { KeyProgress, KeyRef } from '../../ports/key.ts';
import type { SecretTicket } from '../../ports/secret.ts';
import { nothingTyped, type PinTyping } from '../typed-pin.ts';
import type { DeedOnKey, EraseInput, SeenKey } from './care-effect.ts';

export interface CareInput {
  /** The desk asks for at least this many code points in a new PIN, whatever the key would take. */
  readonly minPinLength: number;
  readonly nowWallMs: () => number;
}

export interface CareContext extends CareInput, PinTyping {
  readonly look: Look;
  readonly panel: CarePanel | null;
  readonly plugged: readonly KeyRef[];
  readonly seen: readonly SeenKey[] | null;
  readonly key: KeyRef | null;
  readonly inspection: KeyInspection | null;
  readonly task: CareTask | null;
  readonly deed: CareDeed | null;
  readonly done: CareDone | null;
  readonly reason: Reason | null;
  readonly pin: SecretTicket | null;
  readonly newPin: SecretTicket | null;
  readonly accounts: KeyAccounts | null;
  readonly fingerprints: readonly KeyFingerprint[] | null;
  readonly progress: KeyProgress | null;
  readonly sample: FingerprintSample | null;
  readonly samplesTaken: number;
  /** The insertion that is meant to be erased, after it was taken out. */
  readonly meant: KeyRef | null;
  readonly eraseEndsAtMs: number;
  /** Until when the key that comes is the one that was erased and left by itself; 0 when none did. */
  readonly returnsUntilMs: number;
}

export const usualLook: Look = { language: 'en', textSize: 1, contrast: 'normal', motion: 'full', controlsLower: false };

/** Everything that belongs to one key and one person; what is left afterwards is how the page looks. */
export const nothingHeld = {
  seen: null,
  key: null,
  inspection: null,
  task: null,
  deed: null,
  done: null,
  notice: null,
  reason: null,
  typed: nothingTyped,
  pin: null,
  newPin: null,
  accounts: null,
  fingerprints: null,
  progress: null,
  sample: null,
  samplesTaken: 0,
  meant: null,
  eraseEndsAtMs: 0,
  returnsUntilMs: 0,
} as const satisfies Partial<CareContext>;

/** What a task has brought, forgotten when it is left. */
export const noTask = {
  task: null,
  deed: null,
  notice: null,
  typed: nothingTyped,
  pin: null,
  newPin: null,
  accounts: null,
  fingerprints: null,
  progress: null,
  sample: null,
  samplesTaken: 0,
} as const satisfies Partial<CareContext>;

/** A state that needs what an earlier one put into the context; missing it is a bug, not an outcome. */
export function needed<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`key care: ${what} is missing`);
  return value;
}

export const keyHasPin = ({ inspection }: CareContext): boolean =>
  inspection?.description.pin === 'set' || inspection?.description.pin === 'mustChange';

/** Whether this task can be begun on the key that is plugged in: the key says so itself. */
export function offers(context: CareContext, task: CareTask): boolean {
  const offered = context.inspection?.offers ?? [];
  switch (task) {
    case 'setPin':
      return offered.includes(task);
    case 'changePin':
    case 'accounts':
    case 'fingerprints':
      // What a key keeps behind its PIN can't be asked for while it has none.
      return offered.includes(task) && keyHasPin(context);
    case 'settings':
      return settingOffers.some((each) => offered.includes(each));
    case 'erase':
      return offered.includes('reset');
    default:
      return task satisfies never;
  }
}

const settingOffers = ['minPinLength', 'alwaysUv', 'enterpriseAttestation', 'longTouchReset'] as const;

/** How long the key that is meant lets itself be erased once it has power, in milliseconds. */
export const eraseWindowMs = ({ inspection }: CareContext): number => needed(inspection, 'inspection').resetWindowMs;

/** Whether the key that is meant is erased only by a finger that stays. */
export const wantsLongTouch = ({ inspection }: CareContext): boolean => needed(inspection, 'inspection').longTouchForReset;

export const onLastTry = ({ inspection }: CareContext): boolean => inspection?.description.tries?.left === 1;

/** Code points of a new PIN. */
export const leastNew = ({ minPinLength, inspection }: CareContext): number =>
  Math.max(minPinLength, inspection?.description.minPinLength ?? 0);

export const mostTyped = ({ inspection }: CareContext): number => inspection?.description.maxPinLength ?? 63;

export function deedOnKey({ key, inspection, deed, pin, newPin }: CareContext): DeedOnKey {
  const doing = needed(deed, 'deed');
  if (doing.deed === 'erase') throw new Error('key care: erasing is not a deed on a key that stays plugged in');
  return { key: needed(key, 'key'), inspection: needed(inspection, 'inspection'), deed: doing, pin, newPin };
}

export const eraseInput = ({ key, meant, inspection }: CareContext): EraseInput => ({
  key: needed(key, 'key'),
  meant: needed(meant, 'meant key'),
  inspection: needed(inspection, 'inspection'),
});
