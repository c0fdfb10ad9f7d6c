// What is known of makers beforehand, at work: virtual keys under real USB numbers, a whole key host, desk and care.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listedInterfaces, type HidBackend } from '../../main/adapters/key-hid/hid-backend.ts';
import { hidLinkSource } from '../../main/adapters/key-hid/hid-link-source.ts';
import { LinkNotOpened, type LinkObstacle } from '../../main/keyhost/plugged/link-source.ts';
import { ENROLLED_FINGER, KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import type { FactoryMemory } from '../../main/simulator/key/key-model.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { VENDOR_KINDS } from '../../main/simulator/key/vendor-kinds.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { keyBench } from '../support/key-bench.ts';
import { RP_ID as CLIENT_RP_ID, make, openClient, pinBytes, valueOf } from '../support/key-client.ts';
import { creationOptions, openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';
import { ManualClock } from '../support/manual-clock.ts';

const PIN = '836194';

let desk: KeyHostDesk;
beforeEach(async () => {
  desk = await openKeyHostDesk();
});
afterEach(() => desk.close());

type VendorKindName = keyof typeof VENDOR_KINDS;

async function plugged(kind: VendorKindName, memory: object = VENDOR_KINDS[kind].memory) {
  const key = await desk.makeKey({ model: VENDOR_KINDS[kind].model, memory });
  key.autoTouch(100);
  return { key, ref: await desk.plug(key) };
}

async function replugged(key: VirtualKey) {
  desk.usb.unplug(key);
  await desk.clock.advance(1_000);
  return await desk.plug(key);
}

const inspect = (ref: { readonly insertion: string }) => desk.run(desk.care.inspect(ref, desk.ceremony()));

describe('a key that chokes on CTAP 2 although it claims it', () => {
  test.each<VendorKindName>(['u2fZero', 'nitrokeyU2f'])('%s is never asked, and called too old', async (kind) => {
    const { key, ref } = await plugged(kind);
    const described = await desk.run(desk.keys.describe(ref, desk.ceremony()));
    expect(described).toMatchObject({ ok: true, value: { pin: 'unsupported', unusable: { code: 'key.tooOld' } } });
    const pin = desk.run(desk.keys.setPin(ref, desk.secret(PIN), desk.ceremony()));
    expect(await pin).toMatchObject({ ok: false, reason: { code: 'key.tooOld' } });
    expect(await inspect(ref)).toMatchObject({ ok: true, value: { versions: ['U2F_V2'], offers: [] } });
    const again = await replugged(key);
    const reset = desk.run(desk.care.reset(again, ref, desk.ceremony()));
    expect(await reset).toMatchObject({ ok: false });
    expect(await desk.run(desk.keys.describe(again, desk.ceremony()))).toMatchObject({ ok: true });
  });
});

describe('erasing', () => {
  const pinSet = { pin: PIN };
  async function erased(kind: VendorKindName, { lateMs }: { readonly lateMs: number }) {
    const { key, ref } = await plugged(kind, pinSet);
    const seen = await inspect(ref);
    if (!seen.ok) throw new Error(JSON.stringify(seen.reason));
    const again = await replugged(key);
    await desk.clock.advance(lateMs);
    return { key, seen: seen.value, outcome: await desk.run(desk.care.reset(again, ref, desk.ceremony())) };
  }

  test('a YubiKey before 5.5 has five seconds, says so beforehand and when it was too late', async () => {
    const { key, seen, outcome } = await erased('yubikey54', { lateMs: 6_000 });
    expect(seen.resetWindowMs).toBe(5_000);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.resetTooLate', detail: { statusName: 'within5Seconds' } } });
    expect(key.inspection.isPinSet).toBe(true);
  });

  test('a newer one has the ten of the standard', async () => {
    const { seen, outcome } = await erased('yubikey57', { lateMs: 11_000 });
    expect(seen.resetWindowMs).toBe(10_000);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.resetTooLate', detail: { statusName: 'within10Seconds' } } });
  });

  test('in time it is known again by its serial, and erased; one that restarts is not called broken', async () => {
    const old = await erased('yubikey54', { lateMs: 0 });
    expect(old.outcome).toEqual({ ok: true, value: { recognisedBy: 'serial', seenFresh: false } });
    expect(old.key.inspection.isPinSet).toBe(false);
    desk.usb.unplug(old.key);
    const late = await erased('yubikey57', { lateMs: 0 });
    expect(late.outcome).toEqual({ ok: true, value: { recognisedBy: 'serial', seenFresh: true } });
  });

  test('is not offered where another application shares the PIN, and not tried', async () => {
    const { key, seen, outcome } = await erased('yubikeyBioMulti', { lateMs: 0 });
    expect(seen.offers).not.toContain('reset');
    expect(seen.maker).toMatchObject({ resetBlocked: ['piv', 'fido2'] });
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.resetBlocked' } });
    expect(key.inspection.isPinSet).toBe(true);
  });
});

describe('what a YubiKey tells beyond the standard', () => {
  test('serial, form, plug, firmware, what is on, in care and in the drawing of the desk', async () => {
    const { ref } = await plugged('yubikey57');
    expect(await inspect(ref)).toMatchObject({
      ok: true,
      value: {
        serial: '31415926',
        maker: {
          form: 'keychain',
          isFips: true,
          partNumber: '5FN00',
          enabledOverUsb: ['u2f', 'fido2'],
          resetBlocked: [],
          refusesEasyPins: true,
        },
      },
    });
    const described = await desk.run(desk.keys.describe(ref, desk.ceremony()));
    expect(described).toMatchObject({ ok: true, value: { plug: 'usb-c', firmware: '5.7.4' } });
  });

  test('a Security Key tells no serial; keys of others are not asked', async () => {
    const { key, ref } = await plugged('securityKey');
    expect(await inspect(ref)).toMatchObject({ ok: true, value: { serial: null, maker: { form: 'keychain' } } });
    desk.usb.unplug(key);
    const other = await plugged('token2Old');
    expect(await inspect(other.ref)).toMatchObject({ ok: true, value: { serial: null, maker: null } });
  });
});

describe('a USB serial', () => {
  test('of its own names a key', async () => {
    const { key, ref } = await plugged('solo2');
    expect(await inspect(ref)).toMatchObject({ ok: true, value: { serial: '5B8F2C1D9A3E47F6B0D1C2E3F4A59687' } });
    const again = await replugged(key);
    const outcome = await desk.run(desk.care.reset(again, ref, desk.ceremony()));
    expect(outcome).toMatchObject({ ok: true, value: { recognisedBy: 'serial' } });
  });

  test('that a whole model shares names none: the key is known by all else that it shows', async () => {
    const { key, ref } = await plugged('onlyKey');
    expect(await inspect(ref)).toMatchObject({ ok: true, value: { serial: null } });
    const again = await replugged(key);
    const outcome = await desk.run(desk.care.reset(again, ref, desk.ceremony()));
    expect(outcome).toMatchObject({ ok: true, value: { recognisedBy: 'likeness' } });
  });

  test('that two keys were seen to have at once names neither from then on', async () => {
    const first = await plugged('solo2');
    const second = await plugged('solo2');
    expect(await inspect(first.ref)).toMatchObject({ ok: true, value: { serial: null } });
    expect(await inspect(second.ref)).toMatchObject({ ok: true, value: { serial: null } });
    desk.usb.unplug(second.key);
    expect(await inspect(await replugged(first.key))).toMatchObject({ ok: true, value: { serial: null } });
  });

  test('is no proof for a key in another state: nothing is erased', async () => {
    const { key, ref } = await plugged('solo2', { pin: PIN });
    await inspect(ref);
    desk.usb.unplug(key);
    const other = await plugged('solo2', { occupiedSlots: 3 });
    const outcome = await desk.run(desk.care.reset(other.ref, ref, desk.ceremony()));
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.swapped' } });
  });
});

describe('a YubiKey whose FIDO side is switched off', () => {
  const device = { manufacturer: 'Yubico', release: 0x0512, interface: 0, usagePage: 1, usage: 6 } as const;
  const keyboard = { ...device, path: '/dev/hidraw7', vendorId: 0x1050, productId: 0x0405, product: 'YubiKey OTP+CCID' };

  test('is listed by its other side, once; other keyboards and the other sides of whole keys are not', () => {
    const whole = { ...keyboard, path: '/dev/hidraw1', productId: 0x0407, product: 'YubiKey OTP+FIDO+CCID' };
    const fido = { ...whole, path: '/dev/hidraw2', usagePage: 0xf1d0, usage: 1, serialNumber: 'AB12' };
    const foreign = { ...keyboard, path: '/dev/hidraw3', vendorId: 0x046d };
    const listed = listedInterfaces([keyboard, { ...keyboard, usage: 2 }, whole, fido, foreign]);
    expect(listed).toEqual([
      { path: '/dev/hidraw7', vendorId: 0x1050, productId: 0x0405, product: 'YubiKey OTP+CCID', isFidoOff: true },
      { path: '/dev/hidraw2', vendorId: 0x1050, productId: 0x0407, product: whole.product, serial: 'AB12', isFidoOff: false },
    ]);
  });

  test('is there for desk and technician, says why it can’t be used, and is never opened', async () => {
    await desk.close();
    const clock = new ManualClock();
    const [off] = listedInterfaces([keyboard]);
    if (off === undefined) throw new Error('not listed');
    let listed = [{ ...off, incarnation: '1' }];
    const opened: string[] = [];
    const backend: HidBackend = {
      list: () => Promise.resolve(listed),
      onChange: () => null,
      open: (path) => {
        opened.push(path);
        return Promise.reject(new Error('a keyboard was opened'));
      },
    };
    const notOpened = (obstacle: LinkObstacle, options: ErrorOptions) => new LinkNotOpened(obstacle, options);
    desk = await openKeyHostDesk({ links: () => hidLinkSource({ clock, backend, platform: 'linux', notOpened }) });
    await desk.clock.advance(200);
    const [fact] = desk.facts.filter(({ type }) => type === 'key.inserted');
    if (fact?.type !== 'key.inserted') throw new Error('no key was told of');
    const refused = { ok: false, reason: { code: 'key.fidoOff' } };
    expect(await desk.run(desk.keys.describe(fact.key, desk.ceremony()))).toMatchObject(refused);
    expect(await inspect(fact.key)).toMatchObject(refused);
    const pin = desk.keys.setPin(fact.key, desk.secret(PIN), desk.ceremony());
    expect(await desk.run(pin)).toMatchObject(refused);
    expect(opened).toEqual([]);
    listed = [];
    await clock.advance(1_000);
    await desk.clock.advance(200);
    expect(desk.facts.at(-1)).toEqual({ type: 'key.removed', key: fact.key });
  });
});

describe('a key that gives credentials to its own sensor alone, as ATKey cards do', () => {
  const { model, memory } = KEY_KINDS.fingerprintOnly;
  async function brought(own: FactoryMemory) {
    const key = await desk.makeKey({ model, memory: own });
    key.autoTouch(100, [{ finger: ENROLLED_FINGER }]);
    return { key, ref: await desk.plug(key) };
  }

  test('is set up by finger, and its PIN costs no try', async () => {
    const { key, ref } = await brought(memory);
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ ok: true, value: { unusable: null } });
    const pin = desk.secret(TRAINING_PIN);
    const made = await desk.run(desk.keys.makeCredential(ref, creationOptions(), pin, desk.ceremony()));
    if (!made.ok) throw new Error(JSON.stringify(made.reason));
    const proof = desk.keys.prove(ref, made.value, desk.secret(TRAINING_PIN), desk.ceremony());
    expect(await desk.run(proof)).toMatchObject({ ok: true });
    expect(key.inspection).toMatchObject({ pinRetriesLeft: 8, uvRetriesLeft: 5 });
  });

  test('can’t be used before it knows a finger', async () => {
    const { ref } = await brought({ pin: TRAINING_PIN });
    const described = await desk.run(desk.keys.describe(ref, desk.ceremony()));
    expect(described).toMatchObject({
      ok: true,
      value: { unusable: { code: 'key.noPinSupport', detail: { statusName: 'noFingerprint' } } },
    });
  });
});

describe('what is offered', () => {
  test('what lies behind a PIN only where there is one, or a finger, to unlock it', async () => {
    const { key, ref } = await plugged('yubikey57');
    const offered = async () => {
      const seen = await inspect(ref);
      return seen.ok ? seen.value.offers : [];
    };
    expect(await offered()).not.toContain('accounts');
    await desk.run(desk.keys.setPin(ref, desk.secret(PIN), desk.ceremony()));
    expect(await offered()).toContain('accounts');
    desk.usb.unplug(key);
    const bio = await plugged('yubikeyBioMulti', { fingers: [ENROLLED_FINGER] });
    expect(await inspect(bio.ref)).toMatchObject({ ok: true, value: { offers: expect.arrayContaining(['accounts']) } });
  });
});

describe('hmac-secret on a key that wants somebody verified for it', () => {
  test('the person always is', async () => {
    const bench = await keyBench(VENDOR_KINDS.token2Old);
    bench.key.autoTouch(10);
    const client = await openClient(bench, bench.link);
    const { key, call, run } = client;
    valueOf(await run(key.setPin(pinBytes(PIN), call)));
    valueOf(await make(client, PIN));
    const request = {
      rpId: CLIENT_RP_ID,
      clientDataHash: new Uint8Array(32),
      allowCredentialIds: [],
      hmacSalts: [new Uint8Array(32)] as const,
    };
    const [assertion] = valueOf(await run(key.getAssertions(request, pinBytes(PIN), call)));
    expect(assertion?.hmacSecrets?.map(({ length }) => length)).toEqual([32]);
  });
});
