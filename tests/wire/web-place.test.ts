// Where the desk is: an answer read strictly, and nothing claimed when it can't be.
import { afterEach, describe, expect, test } from 'vitest';
import { createWebPlace } from '../../main/adapters/place-web/web-place.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { html, json, scriptedHttp, type ScriptedAnswer } from '../support/scripted-http.ts';

const clocks: DeskClock[] = [];
afterEach(() => {
  const left = clocks.splice(0).reduce((sum, clock) => sum + clock.pendingWaits, 0);
  if (left > 0) throw new Error(`${left} timers outlived their call`);
});

function desk(answer: ScriptedAnswer) {
  const clock = new DeskClock();
  clocks.push(clock);
  const http = scriptedHttp(answer);
  const place = createWebPlace({ url: 'https://where.example/me', http, clock });
  const where = (signal = new AbortController().signal) => clock.runUntil(place.where({ signal, deadlineMs: 5_000 }));
  return { clock, http, place, where };
}

const plain = (text: string): Response => new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });

test.each<[string, Response, object]>([
  ['plain text', plain('203.0.113.17\n'), { address: '203.0.113.17', country: null }],
  ['plain text, version 6', plain('2001:DB8:77::1'), { address: '2001:db8:77::1', country: null }],
  ['JSON', json({ ip: '203.0.113.17' }), { address: '203.0.113.17', country: null }],
  ['JSON with a country', json({ ip: '203.0.113.17', country: 'SE', org: 'x' }), { address: '203.0.113.17', country: 'SE' }],
  ['JSON with other names', json({ address: '203.0.113.17', country_code: 'se' }), { address: '203.0.113.17', country: 'SE' }],
  [
    'JSON with a country by name and by code',
    json({ ip: '203.0.113.17', country: 'Sweden', country_iso: 'SE' }),
    { address: '203.0.113.17', country: 'SE' },
  ],
  [
    'JSON with a country by name alone',
    json({ ip: '203.0.113.17', country: 'Sweden' }),
    { address: '203.0.113.17', country: null },
  ],
  ['text without a type', new Response(new TextEncoder().encode('203.0.113.17')), { address: '203.0.113.17', country: null }],
])('%s is read', async (_what, answer, value) => {
  const { http, where } = desk(answer);
  expect(await where()).toEqual({ ok: true, value });
  expect(http.asked[0]?.headers.get('authorization')).toBeNull();
});

describe('nothing is claimed', () => {
  test.each<[string, ScriptedAnswer, object]>([
    ['no address', plain('somewhere'), { code: 'desk.placeUnknown', detail: { status: 200, statusName: 'noAddress' } }],
    ['two addresses', plain('203.0.113.17, 203.0.113.18'), { code: 'desk.placeUnknown' }],
    ['an address that is none', json({ ip: '203.0.113.256' }), { code: 'desk.placeUnknown' }],
    ['a number', json({ ip: 203 }), { code: 'desk.placeUnknown' }],
    ['a list', json(['203.0.113.17']), { code: 'desk.placeUnknown' }],
    ['null', json(null), { code: 'desk.placeUnknown' }],
    ['nothing', plain(''), { code: 'desk.placeUnknown' }],
    ['a refusal', new Response('no', { status: 403 }), { code: 'desk.placeUnknown', detail: { status: 403 } }],
    [
      'a long answer',
      plain(`203.0.113.17${' '.repeat(5_000)}`),
      { code: 'network.wrongAnswer', detail: { statusName: 'tooLarge' } },
    ],
    ['a portal', html(), { code: 'network.captivePortal' }],
    ['ten megabytes', 'tooLarge', { code: 'network.wrongAnswer' }],
    ['a redirect', 'redirect', { code: 'network.captivePortal' }],
    ['somebody in between', 'trust', { code: 'network.notTrusted' }],
    ['no network', 'unreachable', { code: 'directory.unreachable' }],
  ])('from %s', async (_what, answer, reason) => {
    const { where } = desk(answer);
    expect(await where()).toMatchObject({ ok: false, reason });
  });

  test('from silence, when the time is over', async () => {
    const { clock, where } = desk('hangs');
    const startedMs = clock.nowMs();
    expect(await where()).toEqual({ ok: false, reason: { code: 'directory.unreachable' } });
    expect(clock.nowMs() - startedMs).toBe(5_000);
  });

  test('giving up rejects with the reason for it', async () => {
    const { clock, place } = desk('hangs');
    const left = new Error('the desk stops');
    const stop = new AbortController();
    const under = place.where({ signal: stop.signal, deadlineMs: 5_000 });
    await clock.advance(10);
    stop.abort(left);
    await expect(under).rejects.toBe(left);
    await expect(place.where({ signal: stop.signal, deadlineMs: 5_000 })).rejects.toBe(left);
  });

  test('a mistake of ours is not taken for an answer', async () => {
    const bug = new RangeError('a bug');
    const { where } = desk(() => {
      throw bug;
    });
    await expect(where()).rejects.toBe(bug);
  });
});
