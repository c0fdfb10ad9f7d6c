import { describe, expect, test } from 'vitest';
import { Turns } from '../../main/fido/turns.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function slowWork() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

describe('turns', () => {
  test('begin at once when nobody is ahead, also after work that failed', async () => {
    const turns = new Turns();
    let begun = 0;
    const failing = turns.take(never, () => {
      begun += 1;
      return Promise.reject(new Error('it failed'));
    });
    expect(begun).toBe(1);
    await expect(failing).rejects.toThrow('it failed');
    void turns.take(never, async () => void (begun += 1));
    expect(begun).toBe(2);
  });

  test('come in the order in which they were asked for', async () => {
    const turns = new Turns();
    const first = slowWork();
    const order: string[] = [];
    const all = [
      turns.take(never, first.work).then(() => order.push('first')),
      turns.take(never, async () => void order.push('second')),
      turns.take(never, async () => void order.push('third')),
    ];
    await Promise.resolve();
    expect(order).toEqual([]);
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  test('who leaves while waiting is told at once and never works, and who comes after still waits for those before', async () => {
    const turns = new Turns();
    const first = slowWork();
    const leaving = new AbortController();
    const order: string[] = [];
    const working = turns.take(never, first.work);
    const left = turns.take(leaving.signal, async () => void order.push('left'));
    const last = turns.take(never, async () => void order.push('last'));
    const ended = turns.ended().then(() => order.push('ended'));
    leaving.abort(new Error('gone home'));
    await expect(left).rejects.toThrow('gone home');
    expect(order).toEqual([]);
    first.end();
    await Promise.all([working, last, ended]);
    expect(order).toEqual(['last', 'ended']);
  });

  test('are not begun under a signal that has aborted', async () => {
    let begun = false;
    const taking = new Turns().take(AbortSignal.abort(new Error('too late')), async () => {
      begun = true;
    });
    await expect(taking).rejects.toThrow('too late');
    expect(begun).toBe(false);
  });
});
