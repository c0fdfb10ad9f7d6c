// What came to nothing is taken back: the host deletes one credential that it made in this stay, and no other, or says why not.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyRef, MadeCredential } from '../../main/ports/key.ts';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { withCtap2, type KeyModel } from '../../main/simulator/key/key-model.ts';
import { MODERN_KEY, TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

const done = { ok: true, value: null };
const WRONG_PIN = '000000';

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(async () => {
  await desk.close();
});

interface Plugged {
  readonly key: VirtualKey;
  readonly ref: KeyRef;
}

async function plugged(model: KeyModel = MODERN_KEY): Promise<Plugged> {
  const key = await desk.makeKey({ model, memory: { pin: TRAINING_PIN } });
  key.autoTouch(50);
  return { key, ref: await desk.plug(key) };
}

async function replugged({ key }: Plugged): Promise<Plugged> {
  desk.usb.unplug(key);
  return { key, ref: await desk.plug(key) };
}

async function make({ ref }: Plugged, userIdB64u = 'dXNlcg', level: 1 | 3 = 1): Promise<MadeCredential> {
  const options = creationOptions({
    user: { idB64u: userIdB64u, name: 'someone', displayName: 'Someone' },
    credentialProtection: { level, enforced: false },
  });
  const made = await desk.run(desk.keys.makeCredential(ref, options, desk.secret(TRAINING_PIN), desk.ceremony()));
  if (!made.ok) throw new Error(made.reason.code);
  return made.value;
}

const discard = ({ ref }: Plugged, { credentialIdB64u }: { readonly credentialIdB64u: string }, pin = TRAINING_PIN) =>
  desk.run(desk.keys.discard(ref, credentialIdB64u, desk.secret(pin), desk.ceremony()));
const idsOn = ({ key }: Plugged) => key.inspection.credentialIds.map((id) => Buffer.from(id).toString('base64url'));
const refusedAs = (code: string, statusName?: string) => ({
  ok: false,
  reason: { code, ...(statusName === undefined ? {} : { detail: { statusName } }) },
});

describe('one credential of this stay', () => {
  test.each([
    ['credential management', MODERN_KEY],
    ['its preview form', KEY_KINDS.preview21.model],
    ['credential management of 2026', KEY_KINDS.latest.model],
  ])('is deleted by %s, without a touch, and nothing else is', async (_, model) => {
    const on = await plugged(model);
    const kept = await make(on, 'b25l');
    const made = await make(on, 'dHdv');
    on.key.autoTouch('never');
    expect(await discard(on, made)).toEqual(done);
    expect(idsOn(on)).toEqual([kept.credentialIdB64u]);
  });

  test('is deleted once: asking again is free, and the test refuses it', async () => {
    const on = await plugged();
    const made = await make(on);
    expect(await discard(on, made)).toEqual(done);
    expect(await discard(on, made)).toEqual(done);
    expect(await desk.run(desk.keys.prove(on.ref, made, desk.secret(TRAINING_PIN), desk.ceremony()))).toEqual(
      refusedAs('key.proofFailed', 'discarded'),
    );
  });

  test('whose place a newer one for the same account took is gone already', async () => {
    const on = await plugged();
    const old = await make(on);
    const newer = await make(on);
    expect(await discard(on, old)).toEqual(done);
    expect(idsOn(on)).toEqual([newer.credentialIdB64u]);
  });

  test('is found again on the same key after it was out', async () => {
    const on = await plugged();
    const made = await make(on);
    expect(await discard(await replugged(on), made)).toEqual(done);
    expect(idsOn(on)).toEqual([]);
  });

  test.each([1, 3] as const)('of protection %i is not taken for held by another key of that make', async (level) => {
    const first = await plugged();
    const made = await make(first, 'dXNlcg', level);
    const second = await plugged();
    const other = await make(second, 'b3RoZXI', level);
    expect(await discard(second, made)).toMatchObject(refusedAs('key.swapped'));
    expect(idsOn(second)).toEqual([other.credentialIdB64u]);
    expect(idsOn(first)).toEqual([made.credentialIdB64u]);
  });
});

describe('any other', () => {
  test('is refused before the key is asked anything, and its PIN stays here', async () => {
    const owned = await plugged();
    const made = await make(owned);
    await desk.run(desk.keys.forget());
    const asked: unknown[] = [];
    owned.key.onEvent((event) => asked.push(event));
    expect(await discard(owned, made)).toEqual(refusedAs('key.refused', 'notMadeHere'));
    expect(asked).toEqual([]);
    expect(idsOn(owned)).toEqual([made.credentialIdB64u]);
  });
});

describe('a key that can’t', () => {
  test.each([
    ['of CTAP 2.0', TRAINING_KEYS.ctap20.model],
    ['without credential management', withCtap2(MODERN_KEY, { credentialManagement: false, credentialManagementPreview: false })],
  ])('%s says so, also after it was out, and keeps it', async (_, model) => {
    const on = await plugged(model);
    const made = await make(on);
    const stays = refusedAs('key.accountStays', 'credentialManagement');
    expect(await discard(on, made)).toEqual(stays);
    expect(await discard(await replugged(on), made)).toEqual(stays);
    expect(idsOn(on)).toEqual([made.credentialIdB64u]);
  });

  test('because the PIN is wrong keeps it, and tells the tries', async () => {
    const on = await plugged();
    const made = await make(on);
    expect(await discard(on, made, WRONG_PIN)).toEqual({
      ok: false,
      reason: { code: 'key.pinWrong', detail: { retriesLeft: 7 } },
    });
    expect(await discard(on, made)).toEqual(done);
  });

  test('because it is out says that', async () => {
    const on = await plugged();
    const made = await make(on);
    desk.usb.unplug(on.key);
    expect(await discard(on, made)).toEqual(refusedAs('key.removed'));
  });

  test('because it leaves in the middle says that, and what it did is known when it is back', async () => {
    for (let reports = 1; reports < 60; reports += 1) {
      const on = await plugged();
      const made = await make(on);
      desk.usb.unplugAfterReports(on.key, reports);
      const outcome = await discard(on, made);
      if (on.key.isPowered) {
        expect(outcome).toEqual(done);
        return;
      }
      expect(outcome.ok ? null : outcome.reason.code).toSatisfy((code) => code === null || code === 'key.removed');
      await desk.clock.advance(100);
      const again = await discard({ key: on.key, ref: await desk.plug(on.key) }, made);
      // Deleted just before it left, it can't be told from a key of that make that never held it.
      expect(again.ok ? null : again.reason.code).toSatisfy((code) => code === null || code === 'key.swapped');
      expect(idsOn(on)).toEqual([]);
      desk.usb.unplug(on.key);
      await desk.clock.advance(10_000);
    }
    throw new Error('the verb never ended by itself');
  });
});
