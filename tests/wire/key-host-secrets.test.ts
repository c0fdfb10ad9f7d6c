// A planted PIN is looked for in everything that crosses to and from the key host: it is in the one message of its verb, it
// is overwritten on both sides afterwards, and no answer, fact or reason ever holds it.
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashPin } from '../../main/fido/ctap/pin-encoding.ts';
import type { KeyFault } from '../../main/simulator/key/key-fault-plan.ts';
import type { KeyRef } from '../../main/ports/key.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

const PIN = 'pLanted-7391';
const OTHER_PIN = 'pLanted-8264';

let desk: KeyHostDesk;
let key: VirtualKey;
let ref: KeyRef;
beforeEach(async () => {
  desk = await openKeyHostDesk();
  key = await desk.makeKey({ model: TRAINING_KEYS.modern.model, memory: { pin: PIN } });
  key.autoTouch(100);
  ref = await desk.plug(key);
});
afterEach(async () => {
  await desk.close();
});

/** Whether a value holds either PIN, as text or as the hash that keys take in its place. */
function holdsPin(value: unknown): boolean {
  const bytes = serialize(value);
  const planted = [PIN, OTHER_PIN].flatMap((pin) => {
    const utf8 = Buffer.from(pin);
    return [utf8, Buffer.from(pin, 'utf16le'), Buffer.from(hashPin(utf8)), Buffer.from(utf8.toString('base64url'))];
  });
  return planted.some((needle) => bytes.includes(needle));
}

const make = (pin: string) => desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(pin), desk.ceremony()));

describe('a planted PIN', () => {
  test('crosses once for each verb that needs it, towards the host only', async () => {
    const made = await make(PIN);
    if (!made.ok) throw new Error(made.reason.code);
    await desk.run(desk.keys.prove(ref, made.value, desk.secret(PIN), desk.ceremony()));
    await desk.run(desk.keys.changePin(ref, desk.secret(PIN), desk.secret(OTHER_PIN), desk.ceremony()));
    await desk.run(desk.keys.describe(ref, desk.ceremony()));
    await desk.run(desk.keys.forget());
    const holding = desk.crossed.filter(({ message }) => holdsPin(message));
    expect(holding.map(({ towards }) => towards)).toEqual(['host', 'host', 'host']);
    expect(holding.map(({ message }) => (message as { body: { verb: string } }).body.verb)).toEqual([
      'makeCredential',
      'prove',
      'changePin',
    ]);
    expect(holdsPin(desk.facts)).toBe(false);
  });

  const onToken = { ctapCommand: 0x06, subCommand: 9 };
  const mishaps: readonly [string, string, KeyFault | null][] = [
    ['it is wrong', OTHER_PIN, null],
    ['the key answers nonsense', PIN, { kind: 'malformed-cbor', how: 'wrong-types' }],
    ['the key refuses it', PIN, { kind: 'status', status: 0xf7 }],
    ['the key says nothing', PIN, { kind: 'silent' }],
    ['the key leaves', PIN, { kind: 'unplug-at-request' }],
  ];

  test.each(mishaps)('is in no outcome when %s', async (_, pin, fault) => {
    if (fault) key.faults.plan({ on: onToken, fault });
    const outcome = await make(pin);
    expect(outcome.ok).toBe(false);
    expect(key.faults.waiting).toBe(0);
    expect(holdsPin(outcome)).toBe(false);
    expect(desk.crossed.filter(({ towards, message }) => towards === 'desk' && holdsPin(message))).toEqual([]);
  });

  test('is overwritten on both sides when the verb is over, well or not', async () => {
    await make(PIN);
    await make(OTHER_PIN);
    await desk.run(desk.keys.changePin(ref, desk.secret(PIN), desk.secret(OTHER_PIN), desk.ceremony()));
    await desk.clock.advance(10);
    expect(desk.kept.length).toBeGreaterThan(6);
    expect(desk.kept.filter((message) => holdsPin(message))).toEqual([]);
  });

  test('is overwritten although the host is gone before it answers', async () => {
    key.autoTouch('never');
    const making = desk.keys.makeCredential(ref, creationOptions(), desk.secret(PIN), desk.ceremony());
    desk.killHost();
    await desk.run(making);
    const [posted] = desk.kept.slice(-2);
    expect(JSON.stringify(posted)).toContain('makeCredential');
    expect(holdsPin(posted)).toBe(false);
    desk.troubles.length = 0;
  });

  test('stays the lender’s: lending it does not wipe it, and a wiped one is not sent', async () => {
    const secret = desk.secret(PIN);
    await desk.run(desk.keys.makeCredential(ref, creationOptions(), secret, desk.ceremony()));
    expect(secret.lend((bytes) => Buffer.from(bytes).toString())).toBe(PIN);
    secret.wipe();
    const before = desk.crossed.length;
    await expect(desk.keys.makeCredential(ref, creationOptions(), secret, desk.ceremony())).rejects.toThrow('wiped');
    expect(desk.crossed.length).toBe(before);
  });

  test('is not repeated by a host that can’t read its message', async () => {
    desk.host
      .channel('key')
      .post({ verb: 'setPin', id: 4711, insertion: '?', deadlineMs: 1, pin: new TextEncoder().encode(PIN) });
    await desk.clock.advance(10);
    const answers = desk.crossed.filter(({ towards }) => towards === 'desk').map(({ message }) => message);
    expect(answers).toContainEqual({ channel: 'key', body: { type: 'unreadable', id: 4711 } });
    expect(holdsPin(answers)).toBe(false);
  });
});
