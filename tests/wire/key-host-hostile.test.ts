// A caller on the pipe who has taken the desk over and writes what it likes: no other site, no foreign credential, no more
// PINs than a key should see, and no key pays for what is asked of another.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyLimits } from '../../main/keyhost/plugged/key-limits.ts';
import type { KeyRef } from '../../main/ports/key.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, RP_ID, type KeyHostDesk } from '../support/key-host-desk.ts';

const WRONG_PIN = '000000';

let desk: KeyHostDesk;
let lastId: number;
beforeEach(async () => {
  desk = await openKeyHostDesk();
  lastId = 500_000;
});
afterEach(async () => {
  await desk.close();
});

interface Plugged {
  readonly key: VirtualKey;
  readonly ref: KeyRef;
  /** Commands the key was given: their numbers, with the sub-command of clientPIN behind a point. */
  readonly asked: string[];
}

async function plugged(): Promise<Plugged> {
  const key = await desk.makeKey(TRAINING_KEYS.pinSet);
  key.autoTouch(10);
  const asked: string[] = [];
  key.onEvent((event) => {
    if (event.kind === 'answered') asked.push(String(event.ctapCommand));
  });
  return { key, asked, ref: await desk.plug(key) };
}

/** Posts a message as it is and answers with what the host says to it. */
async function say(message: Record<string, unknown>): Promise<Record<string, unknown>> {
  lastId += 1;
  const id = lastId;
  desk.host.channel('key').post({ id, ...message });
  const answered = () => answerTo(id);
  for (let waited = 0; waited < 200 && !answered(); waited += 1) await desk.clock.advance(100);
  const answer = answered();
  if (!answer) throw new Error('the host said nothing');
  return answer;
}

function answerTo(id: number): Record<string, unknown> | undefined {
  for (const { towards, message } of desk.crossed) {
    const { body } = message as { body: Record<string, unknown> };
    if (towards === 'desk' && body['id'] === id && body['type'] !== 'progress') return body;
  }
  return undefined;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const asked = (ref: KeyRef) => ({ insertion: ref.insertion, deadlineMs: 10_000 });
const make = (ref: KeyRef, pin: string, overrides = {}) =>
  say({ verb: 'makeCredential', ...asked(ref), pin: bytes(pin), options: creationOptions(overrides) });
const refusedAs = (statusName: string) => ({ outcome: { ok: false, reason: { code: 'key.refused', detail: { statusName } } } });

describe('another site', () => {
  test.each([
    ['an assertion verb', { verb: 'getAssertion', rpId: RP_ID, challengeB64u: 'AAAA' }],
    ['signing', { verb: 'sign', dataB64u: 'AAAA' }],
    ['frames', { verb: 'cbor', bytes: Uint8Array.of(2) }],
    [
      'the proof with a challenge of theirs',
      { verb: 'prove', credentialIdB64u: 'AAAA', pin: bytes('1234'), challengeB64u: 'AA' },
    ],
    ['the proof for a site of theirs', { verb: 'prove', credentialIdB64u: 'AAAA', pin: bytes('1234'), rpId: 'evil.example' }],
    ['a start with another relying party', { type: 'start', version: 2, links: 'virtual', rpId: 'evil.example' }],
  ])('%s is no request', async (_, message) => {
    const { ref, asked: commands } = await plugged();
    expect(await say({ ...asked(ref), ...message })).toMatchObject({ type: 'unreadable' });
    expect(commands).toEqual([]);
  });

  test('a second start on the life channel does not move the relying party', async () => {
    const { ref } = await plugged();
    const life = { type: 'start', version: 2, links: 'virtual', rpId: 'evil.example' };
    desk.sayRaw({ channel: 'life', body: life });
    await desk.clock.advance(100);
    expect(await make(ref, TRAINING_PIN, { rp: { id: 'evil.example', name: 'x' } })).toMatchObject(refusedAs('rpIdNotAllowed'));
    expect(await make(ref, TRAINING_PIN)).toMatchObject({ outcome: { ok: true } });
  });

  test('a credential of the key’s owner, made elsewhere, signs nothing', async () => {
    const owned = await plugged();
    const made = await desk.run(
      desk.keys.makeCredential(owned.ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()),
    );
    if (!made.ok) throw new Error(made.reason.code);
    await desk.run(desk.keys.forget());
    owned.asked.length = 0;
    const { credentialIdB64u } = made.value;
    const answer = await say({ verb: 'prove', ...asked(owned.ref), pin: bytes(TRAINING_PIN), credentialIdB64u });
    expect(answer).toMatchObject({ outcome: { reason: { code: 'key.proofFailed', detail: { statusName: 'notMadeHere' } } } });
    expect(owned.asked).toEqual([]);
  });
});

describe('guessing PINs', () => {
  test('three guesses to an insertion, whatever verb they come with; then the key hears nothing', async () => {
    const { key, ref, asked: commands } = await plugged();
    const guesses = [
      () => make(ref, WRONG_PIN),
      () => say({ verb: 'changePin', ...asked(ref), oldPin: bytes(WRONG_PIN), newPin: bytes('314159') }),
    ];
    for (let guess = 0; guess < 3; guess += 1) await guesses[guess % guesses.length]?.();
    expect(key.inspection.pinRetriesLeft).toBe(5);
    commands.length = 0;
    for (let guess = 0; guess < 8; guess += 1) {
      expect(await guesses[guess % guesses.length]?.()).toMatchObject({ outcome: { reason: { code: 'key.pinReplug' } } });
    }
    expect(commands).toEqual([]);
    expect(key.inspection.pinRetriesLeft).toBe(5);
  });

  test('guesses that stand in line are not sent when those before them were the last', async () => {
    const { ref, asked: commands } = await plugged();
    await make(ref, WRONG_PIN);
    const forOne = commands.length;
    const answers = await Promise.all(Array.from({ length: 4 }, () => make(ref, WRONG_PIN)));
    const codes = answers.map(({ outcome }) => (outcome as { reason: { code: string } }).reason.code);
    expect(codes).toEqual(['key.pinWrong', 'key.pinReplug', 'key.pinReplug', 'key.pinReplug']);
    expect(commands.length).toBe(3 * forOne);
  });

  test('a key that does not stop at three by itself is stopped', () => {
    const limits = new KeyLimits(desk.clock);
    const wrong = { ok: false, reason: { code: 'key.pinWrong', detail: { retriesLeft: 99 } } } as const;
    const notSent = { ok: false, reason: { code: 'key.pinWrong', detail: { statusName: 'tooShort' } } } as const;
    for (const outcome of [wrong, wrong, notSent]) limits.learn(outcome);
    expect(limits.pinsEnded).toBeNull();
    limits.learn(wrong);
    expect(limits.refusal({ hasPin: true })).toEqual({ code: 'key.pinReplug', detail: { retriesLeft: 99 } });
    expect(limits.refusal({ hasPin: false })).toBeNull();
  });

  test('the right PIN in between starts the count anew, and so does a replug', async () => {
    const { key, ref } = await plugged();
    for (let round = 0; round < 3; round += 1) {
      await make(ref, WRONG_PIN);
      await make(ref, WRONG_PIN);
      expect(await make(ref, TRAINING_PIN)).toMatchObject({ outcome: { ok: true } });
      await desk.clock.advance(10_000);
    }
    for (let guess = 0; guess < 3; guess += 1) await make(ref, WRONG_PIN);
    desk.usb.unplug(key);
    const again = await desk.plug(key);
    expect(await make(again, TRAINING_PIN)).toMatchObject({ outcome: { ok: true } });
  });

  test('twelve PINs in ten seconds to one key, right or wrong; another key has its own twelve', async () => {
    const first = await plugged();
    const second = await plugged();
    const change = ({ ref }: Plugged) =>
      say({ verb: 'changePin', ...asked(ref), oldPin: bytes(TRAINING_PIN), newPin: bytes(TRAINING_PIN) });
    const refusals: unknown[] = [];
    for (let attempt = 0; attempt < 15; attempt += 1) refusals.push(await change(first));
    const tooMany = (answers: unknown[]) => answers.filter((answer) => JSON.stringify(answer).includes('tooManyRequests'));
    expect(tooMany(refusals).length).toBe(3);
    expect(await change(second)).not.toMatchObject(refusedAs('tooManyRequests'));
    await desk.clock.advance(10_000);
    expect(await change(first)).not.toMatchObject(refusedAs('tooManyRequests'));
    expect(first.key.inspection.pinRetriesLeft).toBe(8);
  });
});

describe('keeping keys busy', () => {
  test('thirty ceremonies in ten seconds to one key; another key is as quick as ever', async () => {
    const first = await plugged();
    const second = await plugged();
    const outcomes: unknown[] = [];
    for (let round = 0; round < 40; round += 1) {
      desk.host.channel('key').post({ verb: 'describe', id: 1_000 + round, ...asked(first.ref) });
      await desk.clock.advance(5);
    }
    await desk.clock.advance(1_000);
    for (let round = 0; round < 40; round += 1) outcomes.push(answerTo(1_000 + round));
    const refused = outcomes.filter((answer) => JSON.stringify(answer).includes('tooManyRequests'));
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(await say({ verb: 'describe', ...asked(second.ref) })).toMatchObject({ outcome: { ok: true } });
    await desk.clock.advance(10_000);
    expect(await say({ verb: 'describe', ...asked(first.ref) })).toMatchObject({ outcome: { ok: true } });
  });

  test('ten keys, each asked as often as it may be: the host itself says when it is enough', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => desk.makeKey(TRAINING_KEYS.pinSet)));
    const refs: KeyRef[] = [];
    for (const key of keys) refs.push(await desk.plug(key));
    let allowed = 0;
    for (let round = 0; round < 20; round += 1) {
      for (const ref of refs) {
        const answer = await say({ verb: 'describe', ...asked(ref), deadlineMs: 1_000 });
        if ((answer['outcome'] as { ok: boolean }).ok) allowed += 1;
      }
      if (desk.clock.nowMs() - 1_000_000 > 10_000) break;
    }
    expect(allowed).toBeLessThanOrEqual(240);
    expect(allowed).toBeGreaterThanOrEqual(60);
  });
});
