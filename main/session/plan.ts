// The order of the stops, from two answers. A one-time pass opens one door only: with a phone, that door is the
// Authenticator app (it turns on phone sign-in with the pass), and the person then signs in here with the phone.
import type { Device, PassUse } from '../../contract/intent.ts';
import type { RouteStop, Stop, StopId } from '../../contract/snapshot.ts';

export interface PlanAnswers {
  readonly devices: readonly Device[];
  readonly passUse: PassUse | null;
}

/** Minutes a first-timer needs; shown as "about", counted in training. */
const minutes = { signIn: 2, key: 3, prove: 1, phone: 3 } as const satisfies Record<RouteStop['id'], number>;

/** The phones among the chosen devices, in the order they are asked. */
export function phonesOf(devices: readonly Device[]): readonly ('iphone' | 'android')[] {
  return devices.filter((device): device is 'iphone' | 'android' => device === 'iphone' || device === 'android');
}

/**
 * Whether the pass should be spent on the phone first. "I don't know" counts as one-time: that order works with
 * either kind of pass, the other order only with one.
 */
export function startsOnPhone(answers: PlanAnswers): boolean {
  return answers.passUse !== 'several' && answers.passUse !== null && phonesOf(answers.devices).length > 0;
}

/** The stops between plan and done, in order. */
export function routeOf(answers: PlanAnswers): readonly RouteStop[] {
  const withPhone = phonesOf(answers.devices).length > 0;
  const ids: RouteStop['id'][] = startsOnPhone(answers)
    ? ['phone', 'signIn', 'key', 'prove']
    : ['signIn', 'key', 'prove', ...(withPhone ? (['phone'] as const) : [])];
  return ids.map((id) => ({ id, minutes: minutes[id] }));
}

/** The journey rail: what is behind, here, ahead or left out. */
export function stopsOf(
  answers: PlanAnswers,
  now: StopId,
  finished: ReadonlySet<StopId>,
  skipped: ReadonlySet<StopId>,
): readonly Stop[] {
  const ids: StopId[] = ['plan', ...routeOf(answers).map((stop) => stop.id), 'done'];
  return ids.map((id) => ({
    id,
    state: id === now ? 'now' : skipped.has(id) ? 'skipped' : finished.has(id) ? 'done' : 'ahead',
  }));
}
