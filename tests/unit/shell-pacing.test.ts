import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureFeed } from '../../main/shell/door/picture-feed.ts';
import { messageFault } from '../../main/shell/door/plain-message.ts';
import { tokenBucket } from '../../main/shell/door/token-bucket.ts';
import { saidSchema } from '../../contract/intent.ts';
import { clockPortOf } from '../support/manual-clock-port.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('pictures', () => {
  it('go at once, then ten a second, and the last one always', async () => {
    const clock = new ManualClock();
    const sent: { picture: number; atMs: number }[] = [];
    const feed = pictureFeed<number>(clockPortOf(clock), (picture) => sent.push({ picture, atMs: clock.nowMs() }));
    for (let picture = 0; picture < 100; picture += 1) {
      feed.show(picture);
      await clock.advance(7);
    }
    await clock.advance(1000);
    expect(sent[0]?.picture).toBe(0);
    expect(sent.at(-1)?.picture).toBe(99);
    for (let at = 1; at < sent.length; at += 1) {
      expect((sent[at]?.atMs ?? 0) - (sent[at - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(100);
      expect(sent[at]?.picture ?? 0).toBeGreaterThan(sent[at - 1]?.picture ?? 0);
    }
    expect(sent.length).toBeGreaterThanOrEqual(7);
  });

  it('that were not sent are forgotten when the page is gone', async () => {
    const clock = new ManualClock();
    const sent: number[] = [];
    const feed = pictureFeed<number>(clockPortOf(clock), (picture) => sent.push(picture));
    feed.show(1);
    await clock.advance(0);
    feed.show(2);
    feed.drop();
    await clock.advance(1000);
    expect(sent).toEqual([1]);
    feed.show(3);
    await clock.advance(0);
    expect(sent).toEqual([1, 3]);
  });

  it('are not sent from within what changed them', async () => {
    const clock = new ManualClock();
    const sent: number[] = [];
    const feed = pictureFeed<number>(clockPortOf(clock), (picture) => sent.push(picture));
    feed.show(1);
    feed.show(2);
    expect(sent).toEqual([]);
    await clock.advance(0);
    expect(sent).toEqual([2]);
  });
});

describe('the rate of a page', () => {
  it('allows a burst, then its steady rate', async () => {
    const clock = new ManualClock();
    const bucket = tokenBucket({ burst: 5, perSecond: 2 }, () => clock.nowMs());
    const taken = (attempts: number) => Array.from({ length: attempts }, () => bucket.take()).filter(Boolean).length;
    expect(taken(10)).toBe(5);
    await clock.advance(1000);
    expect(taken(10)).toBe(2);
    await clock.advance(60_000);
    expect(taken(10)).toBe(5);
  });
});

describe('what a page may send at all', () => {
  it.each([
    ['a long text', { visit: 1, intent: { type: 'x'.repeat(5000) } }, 'tooLarge'],
    ['many members', Object.fromEntries(Array.from({ length: 65 }, (_none, at) => [`m${at}`, 1])), 'tooLarge'],
    ['a long list', Array.from({ length: 65 }, () => 1), 'tooLarge'],
    ['depth', { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }, 'tooLarge'],
    ['long names', { ['n'.repeat(5000)]: 1 }, 'tooLarge'],
    ['a function', { a: () => 1 }, 'notPlain'],
    ['a map', { a: new Map() }, 'notPlain'],
    ['bytes', { a: new Uint8Array(4) }, 'notPlain'],
    ['an own __proto__', JSON.parse('{"a":{"__proto__":{"b":1}}}') as unknown, 'notPlain'],
    ['a constructor', { constructor: 1 }, 'notPlain'],
    ['a bigint', { a: 1n }, 'notPlain'],
  ])('not %s', (_name, message, fault) => expect(messageFault(message)).toBe(fault));

  it('any intent that the schema takes', () => {
    for (const said of [
      { visit: 1, intent: { type: 'start' } },
      { visit: 1, intent: { type: 'page.frame', frame: { x: 1, y: 2, width: 3, height: 4 } } },
      { visit: 2 ** 40, intent: { type: 'pin.press', symbol: '👩‍👩‍👧‍👦' } },
    ]) {
      expect(saidSchema.safeParse(said).success).toBe(true);
      expect(messageFault([said])).toBeNull();
    }
  });

  it('whatever comes, the walk ends with an answer', () => {
    fc.assert(
      fc.property(
        fc.anything({ maxDepth: 8, withBigInt: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
        (message) => {
          expect([null, 'tooLarge', 'notPlain']).toContain(messageFault(message));
        },
      ),
    );
    const round: Record<string, unknown> = {};
    round['itself'] = round;
    expect(messageFault(round)).toBe('tooLarge');
  });
});
