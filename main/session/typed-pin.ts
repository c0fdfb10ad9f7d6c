// A PIN as a machine sees it while somebody types it: how many symbols, what is wrong with them, and the ticket at the end.
// The same for the kiosk's key and for key care.
import type { Reason } from '../../contract/reason.ts';
import type { PinNotice, PinRule } from '../../contract/snapshot.ts';
import type { SecretTicket } from '../ports/secret.ts';
import type { CareEvent } from './care/care-event.ts';
import type { SessionEvent } from './event.ts';

/** What the page may know of a PIN: never a symbol of it. */
interface PinProgress {
  readonly count: number;
  readonly rules: readonly PinRule[];
  readonly ready: boolean;
}

export interface PinTyping {
  readonly typed: PinProgress;
  readonly notice: Reason | PinNotice | null;
}

export const nothingTyped: PinProgress = { count: 0, rules: [], ready: false };

/** What every state listens to in which a PIN is typed. */
export const typedActions = {
  'pin.press': { actions: 'takenByCollector' },
  'pin.delete': { actions: 'takenByCollector' },
  'pin.submit': { actions: 'takenByCollector' },
  'pinFact.edited': { actions: 'showTyped' },
  'pinFact.refused': { actions: 'showPinNotice' },
} as const;

/** A notice stays until something new is typed. */
export function typingShown({ notice }: PinTyping, event: SessionEvent | CareEvent): Partial<PinTyping> {
  if (event.type !== 'pinFact.edited') return {};
  const { count, rules, ready } = event;
  return { typed: { count, rules, ready }, notice: event.notice ?? (count > 0 ? null : notice) };
}

export function refusalShown(event: SessionEvent | CareEvent): Partial<PinTyping> {
  return event.type === 'pinFact.refused' ? { notice: event.notice, typed: nothingTyped } : {};
}

/** What is remembered of a PIN that was typed to its end: what `keep` makes of its ticket. */
export function pinTaken<Kept extends object>(
  event: SessionEvent | CareEvent,
  keep: (pin: SecretTicket) => Kept,
): (Kept & PinTyping) | Partial<PinTyping> {
  return event.type === 'pinFact.entered' ? { ...keep(event.pin), typed: nothingTyped, notice: null } : {};
}
