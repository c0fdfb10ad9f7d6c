// Waiting for a key host: up, or refused, or not there in time.
import { because, type Reason } from '../../../contract/reason.ts';
import type { KeyHostSupervisor } from '../../adapters/key-host/key-host-supervisor.ts';
import { refusalReason } from '../../adapters/key-host/present-keys.ts';
import type { ClockPort } from '../../ports/clock.ts';
import { toldInTime } from '../told-in-time.ts';

const usuallyUpWithinMs = 10_000;

/** Null when the host is up; otherwise why it is not. A service that refuses is not waited for. Rejects with the signal's reason. */
export async function hostReady(
  host: Pick<KeyHostSupervisor, 'onUp' | 'onRefused'>,
  clock: ClockPort,
  signal: AbortSignal,
  withinMs = usuallyUpWithinMs,
): Promise<Reason | null> {
  const told = await toldInTime<Reason | 'up'>({
    clock,
    signal,
    withinMs,
    listen(tell) {
      const stops = [host.onUp(() => tell('up')), host.onRefused((refusal) => tell(refusalReason(refusal)))];
      return () => stops.forEach((stop) => stop());
    },
  });
  return told === 'up' ? null : (told ?? because('key.hostDown'));
}
