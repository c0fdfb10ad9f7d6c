// The three orders there are, their stops, and the journey rail. A one-time pass opens one door only: with a phone, that
// door is the Authenticator app (it turns on phone sign-in with the pass), and the person then signs in here with the phone.
import type { Device, PassUse } from '../../../contract/intent.ts';
import type { RouteStop, Stop, StopId } from '../../../contract/snapshot.ts';

export interface PlanAnswers {
  readonly devices: readonly Device[];
  readonly passUse: PassUse | null;
}

/** In which order the doors are opened. */
export type Order = 'keyOnly' | 'keyThenPhone' | 'phoneThenKey';

const orders: Readonly<Record<Order, readonly RouteStop['id'][]>> = {
  keyOnly: ['signIn', 'key', 'prove'],
  keyThenPhone: ['signIn', 'key', 'prove', 'phone'],
  phoneThenKey: ['phone', 'signIn', 'key', 'prove'],
};

/** After signing in with a one-time pass, methods must be registered within this time (Microsoft Entra: Temporary Access Pass). */
export const oneTimeWindowMs = 10 * 60_000;

/** Minutes a first-timer needs; shown as "about", counted in training. */
const minutes = { signIn: 2, key: 3, prove: 1, phone: 3 } as const satisfies Record<RouteStop['id'], number>;

/** The phones among the chosen devices, in the order they are asked. */
export function phonesOf(devices: readonly Device[]): readonly ('iphone' | 'android')[] {
  return devices.filter((device): device is 'iphone' | 'android' => device === 'iphone' || device === 'android');
}

/** The stops between plan and done. */
export function stopsFor(order: Order): readonly RouteStop[] {
  return orders[order].map((id) => ({ id, minutes: minutes[id] }));
}

/** About how long the stops take together. */
export function minutesOf(stops: readonly RouteStop[]): number {
  return stops.reduce((sum, stop) => sum + stop.minutes, 0);
}

/** The journey rail: what is behind, here, ahead or left out. */
export function railOf(order: Order, now: StopId, finished: ReadonlySet<StopId>, skipped: ReadonlySet<StopId>): readonly Stop[] {
  const ids: StopId[] = ['plan', ...orders[order], 'done'];
  return ids.map((id) => ({
    id,
    state: id === now ? 'now' : skipped.has(id) ? 'skipped' : finished.has(id) ? 'done' : 'ahead',
  }));
}
