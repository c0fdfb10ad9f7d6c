// The desk's word on which keys get a PIN, through the whole host: policy and metadata in its start, the gate before every PIN.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import type { TrustPolicy } from '../../main/fido/metadata/trust.ts';
import type { KeyProgress, KeyRef } from '../../main/ports/key.ts';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { withCtap2, type FactoryMemory, type KeyModel } from '../../main/simulator/key/key-model.ts';
import { VENDOR_KINDS } from '../../main/simulator/key/vendor-kinds.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { MODERN_KEY, TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { RP_ID, creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';
import { NOW_MS, asksNothing, entryOf, makeMetadataService, signBlob, type MetadataService } from '../support/metadata-maker.ts';

const PIN = '836194';
const aaguidOf = ({ ctap2 }: KeyModel): string => formatUuid(ctap2?.aaguid ?? new Uint8Array(16));
const aaguid = aaguidOf(MODERN_KEY);

let service: MetadataService;
let desk: KeyHostDesk;
beforeAll(async () => {
  service = await makeMetadataService();
});
afterEach(() => desk.close());

interface Scene {
  readonly policy: Partial<TrustPolicy>;
  /** Of the modern key, with these roots; without it the desk keeps no metadata. */
  readonly roots?: readonly Uint8Array[];
  /** Another model than the modern one. */
  readonly model?: KeyModel;
}

async function openTrustingDesk({ policy, roots, model = MODERN_KEY }: Scene): Promise<KeyHostDesk> {
  const text = roots && (await signBlob(service, { entries: [entryOf({ aaguid: aaguidOf(model), roots })] }));
  return openKeyHostDesk({
    trust: {
      trust: {
        ...asksNothing,
        ...policy,
        allowedKeyModels: [...(policy.allowedKeyModels ?? [])],
        refusedKeyModels: [...(policy.refusedKeyModels ?? [])],
      },
      metadata: { keptFile: 'the kept metadata', graceDays: 90 },
    },
    trustSources: {
      wallMs: () => NOW_MS,
      roots: [service.root.der],
      readKept: (file) =>
        Promise.resolve(text !== undefined && file === 'the kept metadata' ? { text, believedMs: NOW_MS } : null),
    },
  });
}

async function setPin(on: KeyHostDesk) {
  const key = await on.makeKey(TRAINING_KEYS.modern);
  key.autoTouch(0);
  const plugged = await on.plug(key);
  const progress: KeyProgress[] = [];
  const outcome = await on.run(on.keys.setPin(plugged, on.secret(PIN), on.ceremony({ onProgress: (now) => progress.push(now) })));
  return { key, plugged, progress, outcome };
}

/** The roots of the virtual keys of a desk with this seed are always the same. */
async function trainingRoots(): Promise<readonly Uint8Array[]> {
  const other = await openKeyHostDesk();
  await other.close();
  return other.attestationRoots;
}

describe('a desk that trusts not every key', () => {
  test('gives no PIN to a model it refuses', async () => {
    desk = await openTrustingDesk({ policy: { refusedKeyModels: [aaguid] } });
    const { key, outcome } = await setPin(desk);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.notAllowed' } });
    expect(key.inspection.isPinSet).toBe(false);
  });

  test('has a key prove itself by a touch, once, before its first PIN', async () => {
    desk = await openTrustingDesk({ policy: { requireAttestation: true }, roots: await trainingRoots() });
    const { key, plugged, progress, outcome } = await setPin(desk);
    expect(outcome).toEqual({ ok: true, value: null });
    expect(progress).toContain('touchNeeded');
    expect(key.inspection.isPinSet).toBe(true);
    const changed = desk.keys.changePin(plugged, desk.secret(PIN), desk.secret('927301'), desk.ceremony());
    expect(await desk.run(changed)).toEqual({ ok: true, value: null });
  });

  test('gives no PIN to a key that another maker signed for', async () => {
    desk = await openTrustingDesk({ policy: { requireAttestation: true }, roots: [service.root.der] });
    const { key, outcome } = await setPin(desk);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.notGenuine' } });
    expect(key.inspection.isPinSet).toBe(false);
  });

  test('says that it lacks metadata when it needs some', async () => {
    desk = await openTrustingDesk({ policy: { requireMetadata: true } });
    expect((await setPin(desk)).outcome).toMatchObject({ ok: false, reason: { code: 'desk.noMetadata' } });
  });
});

test('a desk without a policy takes every key', async () => {
  desk = await openKeyHostDesk();
  expect((await setPin(desk)).outcome).toEqual({ ok: true, value: null });
});

describe('a key that comes back in the same stay', () => {
  const CHANGED = '927301';
  const fresh = { freshKeysOnly: true };
  const granted = { ok: true, value: null };
  const refusedAs = (code: string) => ({ ok: false, reason: { code } });

  async function bring(model: KeyModel, memory: FactoryMemory = {}) {
    const key = await desk.makeKey({ model, memory });
    key.autoTouch(0);
    return { key, ref: await desk.plug(key) };
  }
  const setPinOf = (ref: KeyRef) => desk.run(desk.keys.setPin(ref, desk.secret(PIN), desk.ceremony()));
  const changePinOf = (ref: KeyRef, old = PIN, next = CHANGED) =>
    desk.run(desk.keys.changePin(ref, desk.secret(old), desk.secret(next), desk.ceremony()));
  async function back(key: VirtualKey): Promise<KeyRef> {
    desk.usb.unplug(key);
    await desk.clock.advance(1_000);
    return await desk.plug(key);
  }
  /** Given its PIN, taken out, and plugged in again. */
  async function replugged(model: KeyModel) {
    const { key, ref } = await bring(model);
    expect(await setPinOf(ref)).toEqual(granted);
    return { key, ref: await back(key) };
  }

  test('is let on by its serial, where only new keys are taken', async () => {
    desk = await openTrustingDesk({ policy: fresh });
    const { key, ref } = await replugged(VENDOR_KINDS.yubikey57.model);
    expect(await changePinOf(ref)).toEqual(granted);
    desk.usb.unplug(key);
    const { hid } = VENDOR_KINDS.yubikey57.model;
    const pages = (hid.deviceInfo ?? []).map((page) => new Map([...page, [0x02, Uint8Array.of(0, 0, 1, 2)]]));
    const other = await bring({ ...VENDOR_KINDS.yubikey57.model, hid: { ...hid, deviceInfo: pages } }, { pin: PIN });
    expect(await changePinOf(other.ref)).toMatchObject(refusedAs('key.notFresh'));
    expect(other.key.inspection.pinRetriesLeft).toBe(8);
  });

  test('is let on by what it proved itself with, without another touch; another of its model is not', async () => {
    desk = await openTrustingDesk({ policy: { ...fresh, requireAttestation: true }, roots: await trainingRoots() });
    const { key, ref } = await replugged(MODERN_KEY);
    key.autoTouch('never');
    expect(await changePinOf(ref)).toEqual(granted);
    expect(key.inspection.credentialIds.length).toBeLessThanOrEqual(1);
    desk.usb.unplug(key);
    const other = await bring(MODERN_KEY, { pin: PIN });
    expect(await changePinOf(other.ref)).toMatchObject(refusedAs('key.notFresh'));
  });

  test('is let on by the credential that was made on it here', async () => {
    desk = await openTrustingDesk({ policy: fresh });
    const { key, ref } = await bring(MODERN_KEY);
    expect(await setPinOf(ref)).toEqual(granted);
    const made = desk.keys.makeCredential(ref, creationOptions(), desk.secret(PIN), desk.ceremony());
    expect(await desk.run(made)).toMatchObject({ ok: true });
    expect(await changePinOf(await back(key))).toEqual(granted);
  });

  test('is let on by the identity that it shows under encryption, also after its PIN was changed', async () => {
    desk = await openTrustingDesk({ policy: fresh });
    const { key, ref } = await replugged(KEY_KINDS.latest.model);
    expect(await changePinOf(ref)).toEqual(granted);
    expect(await changePinOf(await back(key), CHANGED, PIN)).toEqual(granted);
    desk.usb.unplug(key);
    const twin = await bring(KEY_KINDS.latest.model, { pin: PIN });
    expect(await changePinOf(twin.ref)).toMatchObject(refusedAs('key.notFresh'));
  });

  test('is not let on where nothing tells it from another of its model, and that is said so', async () => {
    desk = await openTrustingDesk({ policy: fresh });
    const { key, ref } = await replugged(MODERN_KEY);
    expect(await changePinOf(ref)).toMatchObject(refusedAs('key.notRecognised'));
    expect(key.inspection.pinRetriesLeft).toBe(8);
    await desk.run(desk.keys.forget());
    expect(await changePinOf(await back(key))).toMatchObject(refusedAs('key.notFresh'));
  });

  test('is not let on in the next stay, however well it is known', async () => {
    desk = await openTrustingDesk({ policy: fresh });
    const { key } = await replugged(VENDOR_KINDS.yubikey57.model);
    await desk.run(desk.keys.forget());
    expect(await changePinOf(await back(key))).toMatchObject(refusedAs('key.notFresh'));
  });

  test('a serial is no proof of the maker: what only says the same number gets no PIN', async () => {
    const { model } = VENDOR_KINDS.yubikey57;
    desk = await openTrustingDesk({ policy: { requireAttestation: true }, roots: await trainingRoots(), model });
    const { key } = await replugged(model);
    desk.usb.unplug(key);
    const imitation = withCtap2(model, { attestation: 'unknown-root-certificate', makeCredUvNotRequired: false });
    const other = await bring(imitation, { pin: PIN });
    expect(await changePinOf(other.ref)).toMatchObject(refusedAs('key.unproven'));
    desk.usb.unplug(other.key);
    const unset = await bring(imitation);
    expect(await setPinOf(unset.ref)).toMatchObject(refusedAs('key.notGenuine'));
    expect(unset.key.inspection.isPinSet).toBe(false);
  });
});

describe('a host that insists, as a service does', () => {
  const offered = (policy: Partial<TrustPolicy>) =>
    openKeyHostDesk({
      offered: { links: 'virtual', rpId: RP_ID, trust: mutable({ ...asksNothing, ...policy }) },
      trust: { trust: mutable({ ...asksNothing, refusedKeyModels: [] }) },
    });

  test('is not talked out of it by a desk that asks for less', async () => {
    desk = await offered({ refusedKeyModels: [aaguid] });
    expect((await setPin(desk)).outcome).toMatchObject({ ok: false, reason: { code: 'key.notAllowed' } });
  });

  test('takes from the desk what it asks beyond', async () => {
    desk = await openKeyHostDesk({
      offered: { links: 'virtual', rpId: RP_ID, trust: mutable(asksNothing) },
      trust: { trust: mutable({ ...asksNothing, refusedKeyModels: [aaguid] }) },
    });
    expect((await setPin(desk)).outcome).toMatchObject({ ok: false, reason: { code: 'key.notAllowed' } });
  });

  test('asks what it insists on of a desk that says nothing of it', async () => {
    desk = await openKeyHostDesk({
      offered: { links: 'virtual', rpId: RP_ID, trust: mutable({ ...asksNothing, requireMetadata: true }) },
    });
    expect((await setPin(desk)).outcome).toMatchObject({ ok: false, reason: { code: 'desk.noMetadata' } });
  });
});

/** As it crosses a wall. */
const mutable = ({ allowedKeyModels, refusedKeyModels, ...rest }: TrustPolicy) => ({
  ...rest,
  allowedKeyModels: [...allowedKeyModels],
  refusedKeyModels: [...refusedKeyModels],
});
