import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';

describe('the system clock', () => {
  test('monotonic time only grows, wall time is the epoch', () => {
    const clock = systemClock();
    const first = clock.nowMs();
    expect(clock.nowMs()).toBeGreaterThanOrEqual(first);
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(1000);
  });

  test('never calls early, not even for fractions of a millisecond', async () => {
    const clock = systemClock();
    const startedMs = clock.nowMs();
    await new Promise<void>((resolve) => clock.after(4.7, resolve));
    expect(clock.nowMs() - startedMs).toBeGreaterThanOrEqual(4.7);
  });

  test('waits on when the timer wakes early', () => {
    // The timer's time runs ahead, the clock's stays true.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const run = vi.fn<() => void>();
      const cancel = systemClock().after(60_000, run);
      vi.advanceTimersByTime(60_000);
      expect(run).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(1);
      cancel();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a cancelled wait never calls, and cancelling twice is nothing', () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn<() => void>();
      const cancel = systemClock().after(10, run);
      cancel();
      cancel();
      vi.advanceTimersByTime(1000);
      expect(run).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  test('calls once, at once for a time that is past', () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn<() => void>();
      systemClock().after(-5, run);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1000);
      expect(run).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([Number.NaN, Infinity, 2 ** 31])('a wait of %d ms is a mistake, not a timer that fires at once', (delayMs) => {
    expect(() => systemClock().after(delayMs, () => {})).toThrow(RangeError);
  });
});
