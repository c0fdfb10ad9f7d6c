import type { Words } from './words.ts';

const minuteMs = 60_000;

/** How long a pass still lasts, in the unit a person would use; a pass may live from ten minutes to thirty days. */
export function timeLeft({ t }: Words, leftMs: number): string {
  const minutes = Math.ceil(leftMs / minuteMs);
  if (minutes <= 0) return t('time.ended');
  if (minutes <= 120) return t('time.minutes', { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours <= 48 ? t('time.hours', { count: hours }) : t('time.days', { count: Math.round(hours / 24) });
}
