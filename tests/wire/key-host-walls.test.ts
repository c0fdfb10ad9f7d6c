// What the key host does not do, whoever asks: sign for others, serve another relying party, be flooded, wait for ever, or
// mistake one key for another.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import { LinkNotOpened, type LinkEvent, type LinkObstacle, type LinkSource } from '../../main/keyhost/plugged/link-source.ts';
import type { KeyProgress, MadeCredential } from '../../main/ports/key.ts';
import { MODERN_KEY, TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { withCtap2, withQuirks } from '../../main/simulator/key/key-model.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

async function plugged(training = TRAINING_KEYS.pinSet, autoTouch = true) {
  const key = await desk.makeKey(training);
  if (autoTouch) key.autoTouch(100);
  return { key, ref: await desk.plug(key) };
}

async function made(ref: Awaited<ReturnType<typeof plugged>>['ref']): Promise<MadeCredential> {
  const outcome = await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()));
  if (!outcome.ok) throw new Error(outcome.reason.code);
  return outcome.value;
}

describe('relying party and proof', () => {
  test.each(['evil.example', 'microsoft.com', 'login.microsoft.com.evil.example', 'LOGIN.MICROSOFT.COM'])(
    'a credential for %s is refused and the key is not asked',
    async (id) => {
      const { key, ref } = await plugged();
      const options = creationOptions({ rp: { id, name: 'x' } });
      const outcome = await desk.run(desk.keys.makeCredential(ref, options, desk.secret(TRAINING_PIN), desk.ceremony()));
      expect(outcome).toMatchObject({ reason: { code: 'key.refused', detail: { statusName: 'rpIdNotAllowed' } } });
      expect(key.inspection.credentialIds).toEqual([]);
    },
  );

  test('no proof for a credential that this host did not make', async () => {
    const { key, ref } = await plugged();
    const answered: number[] = [];
    key.onEvent((event) => event.kind === 'answered' && answered.push(event.ctapCommand));
    const stranger = { ...(await made(ref)), credentialIdB64u: 'c3RyYW5nZXI' };
    answered.length = 0;
    const outcome = await desk.run(desk.keys.prove(ref, stranger, desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toMatchObject({ reason: { code: 'key.proofFailed', detail: { statusName: 'notMadeHere' } } });
    expect(answered).toEqual([]);
  });

  test('no proof after the stay was forgotten', async () => {
    const { ref } = await plugged();
    const credential = await made(ref);
    await desk.run(desk.keys.forget());
    const outcome = await desk.run(desk.keys.prove(ref, credential, desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toMatchObject({ reason: { code: 'key.proofFailed', detail: { statusName: 'notMadeHere' } } });
  });

  test('a key that signs with another counter, or forges, does not prove anything', async () => {
    const { key, ref } = await plugged();
    const credential = await made(ref);
    const spoil = (edit: (answer: Uint8Array) => void) =>
      key.faults.plan({ on: { ctapCommand: 0x02 }, fault: { kind: 'answer', edit: (answer) => (edit(answer), answer) } });
    // The last bytes of the answer belong to the user handle; those before to the signature.
    spoil((answer) => {
      const at = answer.length - 60;
      answer.set([(answer[at] ?? 0) ^ 0x01], at);
    });
    const outcome = await desk.run(desk.keys.prove(ref, credential, desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome.ok).toBe(false);
    expect(await desk.run(desk.keys.prove(ref, credential, desk.secret(TRAINING_PIN), desk.ceremony()))).toMatchObject({
      ok: true,
    });
  });
});

describe('keys that misbehave', () => {
  test.each(['broken-signature', 'foreign-aaguid-certificate'] as const)('attestation: %s', async (attestation) => {
    const { ref } = await plugged({ model: withCtap2(MODERN_KEY, { attestation }), memory: { pin: TRAINING_PIN } });
    const outcome = await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.misbehaved' } });
  });

  test.each(['truncated', 'depth-bomb', 'duplicate-key', 'huge-length', 'not-a-map', 'nothing'] as const)(
    'getInfo: %s',
    async (how) => {
      const { key, ref } = await plugged();
      key.faults.plan({ on: { ctapCommand: 0x04 }, fault: { kind: 'malformed-cbor', how } });
      expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ reason: { code: 'key.misbehaved' } });
      expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
    },
  );

  test('an unknown status keeps its number', async () => {
    const { key, ref } = await plugged();
    key.faults.plan({ on: { ctapCommand: 0x01 }, fault: { kind: 'status', status: 0xf1 } });
    const outcome = await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toEqual({ ok: false, reason: { code: 'key.refused', detail: { status: 0xf1, statusName: 'VENDOR_0xf1' } } });
  });

  test('a key that says nothing is given up, and heard again when it speaks', async () => {
    const { key, ref } = await plugged();
    key.faults.plan({ on: { ctapCommand: 0x04 }, fault: { kind: 'silent' } });
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ reason: { code: 'key.notAnswering' } });
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
  });
});

describe('time', () => {
  test('nobody touches: the deadline ends it, the key stops blinking, and works at once', async () => {
    const { key, ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const startedMs = desk.clock.nowMs();
    const outcome = await desk.run(
      desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony({ deadlineMs: 5_000 })),
    );
    expect(outcome).toEqual({ ok: false, reason: { code: 'key.touchTimeout' } });
    expect(desk.clock.nowMs() - startedMs).toBeLessThan(7_000);
    expect(key.awaitingTouch).toBe(false);
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
  });

  test('the key itself gives up waiting for a touch', async () => {
    const { ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const outcome = await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.touchTimeout' } });
  });

  test('an abort is heard at once, the key stops blinking, and the next ceremony waits for it', async () => {
    const { key, ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const control = new AbortController();
    const told: KeyProgress[] = [];
    const making = desk.keys.makeCredential(
      ref,
      creationOptions(),
      desk.secret(TRAINING_PIN),
      desk.ceremony({ signal: control.signal, onProgress: (progress) => told.push(progress) }),
    );
    const ended = reasonOfRejection(making);
    await desk.clock.advance(500);
    expect(key.awaitingTouch).toBe(true);
    control.abort(new Error('enough'));
    expect(await ended).toEqual(new Error('enough'));
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
    expect(key.awaitingTouch).toBe(false);
    expect(told.at(-1)).toBe('touchNeeded');
    expect(key.inspection.credentialIds).toEqual([]);
  });

  test('a key that ignores CANCEL is let go all the same', async () => {
    const { ref } = await plugged({ model: withQuirks(MODERN_KEY, 'ignores-cancel'), memory: { pin: TRAINING_PIN } }, false);
    const outcome = await desk.run(
      desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony({ deadlineMs: 3_000 })),
    );
    expect(outcome).toMatchObject({ reason: { code: 'key.touchTimeout' } });
    expect(desk.facts.some(({ type }) => type === 'key.hostDown')).toBe(false);
  });

  test('an aborted signal asks nothing', async () => {
    const { ref } = await plugged();
    const before = desk.crossed.length;
    const asked = desk.keys.describe(ref, desk.ceremony({ signal: AbortSignal.abort(new Error('too late')) }));
    await expect(asked).rejects.toThrow('too late');
    expect(desk.crossed.length).toBe(before);
  });

  test('a ceremony waiting in line keeps its own deadline', async () => {
    const { ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const first = desk.keys.makeCredential(
      ref,
      creationOptions(),
      desk.secret(TRAINING_PIN),
      desk.ceremony({ deadlineMs: 20_000 }),
    );
    const second = await desk.run(desk.keys.describe(ref, desk.ceremony({ deadlineMs: 1_000 })));
    expect(second).toMatchObject({ reason: { code: 'key.notAnswering' } });
    expect(await desk.run(first)).toMatchObject({ reason: { code: 'key.touchTimeout' } });
  });

  test('forget ends what runs and resolves when the key has let go', async () => {
    const { key, ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const making = desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony());
    const ended = reasonOfRejection(making);
    await desk.clock.advance(500);
    expect(key.awaitingTouch).toBe(true);
    await desk.run(desk.keys.forget());
    expect(await ended).toMatchObject({ name: 'AbortError' });
    expect(key.awaitingTouch).toBe(false);
  });
});

describe('floods', () => {
  test('more ceremonies at once than a key has a line for', async () => {
    const { key, ref } = await plugged(TRAINING_KEYS.pinSet, false);
    const making = desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony());
    await desk.clock.advance(500);
    const asked = Array.from({ length: 6 }, () => desk.keys.describe(ref, desk.ceremony()));
    await desk.clock.advance(500);
    key.touch();
    expect(await desk.run(making)).toMatchObject({ ok: true });
    const outcomes = await desk.run(Promise.all(asked));
    expect(outcomes.filter(({ ok }) => ok).length).toBe(3);
    const refused = { code: 'key.refused', detail: { statusName: 'tooManyRequests' } };
    expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 3 }, () => ({ ok: false, reason: refused })));
  });

  test('messages that are no requests change nothing', async () => {
    const { ref } = await plugged();
    const port = desk.host.channel('key');
    for (const message of [
      null,
      7,
      'describe',
      {},
      { verb: 'sign', id: 9 },
      { verb: 'describe', id: 'x' },
      { verb: 'describe', id: 77, insertion: '../..' },
    ]) {
      port.post(message);
    }
    await desk.clock.advance(100);
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true });
    const unreadable = desk.crossed.filter(({ message }) => JSON.stringify(message).includes('"unreadable"'));
    expect(unreadable.length).toBe(7);
  });
});

describe('which key it is', () => {
  test('a key swapped under the same path, unseen by the source, does not get the PIN', async () => {
    await desk.close();
    const link = new SwappableLink();
    desk = await openKeyHostDesk({ links: (usb) => link.over(usb) });
    const first = await desk.makeKey(TRAINING_KEYS.pinSet);
    const second = await desk.makeKey(TRAINING_KEYS.pinSet);
    const ref = await desk.plug(first);
    await desk.run(desk.keys.describe(ref, desk.ceremony()));
    // Between two looks of a source that polls: the path stays, the key behind it is another.
    link.blind = true;
    desk.usb.unplug(first);
    desk.usb.plug(second);
    link.blind = false;
    second.autoTouch(100);
    const outcome = await desk.run(desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony()));
    expect(outcome).toEqual({ ok: false, reason: { code: 'key.removed' } });
    expect(second.inspection.credentialIds).toEqual([]);
    // What is there now is told as the new insertion it is.
    await desk.clock.advance(2_500);
    const [inserted] = desk.facts.filter((fact) => fact.type === 'key.inserted').slice(-1);
    expect(desk.facts).toContainEqual({ type: 'key.removed', key: ref });
    const again = inserted?.key ?? ref;
    expect(again).not.toEqual(ref);
    expect(await desk.run(desk.keys.describe(again, desk.ceremony()))).toMatchObject({ ok: true });
  });

  test.each([
    ['permission', 'key.noAccess'],
    ['elevation', 'key.notElevated'],
    ['inUse', 'key.heldElsewhere'],
  ] as const)('the platform says no: %s', async (obstacle, code) => {
    await desk.close();
    desk = await openKeyHostDesk({ links: (usb) => guarded(usb, obstacle) });
    const ref = await desk.plug(await desk.makeKey(TRAINING_KEYS.modern));
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({
      reason: { code, detail: { statusName: obstacle } },
    });
  });

  test('an obstacle without a key is told as a fact, also to those who listen later', async () => {
    await desk.close();
    const tell: ((event: LinkEvent) => void)[] = [];
    desk = await openKeyHostDesk({
      links: () => ({
        watch: (listener) => (tell.push(listener), () => undefined),
        open: () => Promise.reject(new Error('unused')),
      }),
    });
    for (const listener of tell) listener({ type: 'obstacle', obstacle: 'elevation' });
    await desk.clock.advance(10);
    const fact = { type: 'key.unreachable', reason: { code: 'key.notElevated', detail: { statusName: 'elevation' } } };
    expect(desk.facts).toEqual([fact]);
    const later: unknown[] = [];
    desk.keys.watch((told) => later.push(told));
    await desk.clock.advance(10);
    expect(later).toEqual([fact]);
  });
});

async function reasonOfRejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('it was not rejected'),
    (reason: unknown) => reason,
  );
}

/** A source that can be made to overlook what happens on the bus. */
class SwappableLink {
  blind = false;

  over(usb: LinkSource): LinkSource {
    return {
      watch: (listener) => usb.watch((event) => this.blind || listener(event)),
      open: (path): Promise<PacketLink> => usb.open(path),
    };
  }
}

function guarded(usb: LinkSource, obstacle: LinkObstacle): LinkSource {
  return { watch: (listener) => usb.watch(listener), open: () => Promise.reject(new LinkNotOpened(obstacle)) };
}
