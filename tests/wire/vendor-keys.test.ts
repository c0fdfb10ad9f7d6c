// What is known of makers beforehand, at work: virtual keys under real USB numbers, a whole key host, desk and care.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VENDOR_KINDS } from '../../main/simulator/key/vendor-kinds.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';

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
    const pin = desk.run(desk.keys.setPin(ref, desk.secret('836194'), desk.ceremony()));
    expect(await pin).toMatchObject({ ok: false, reason: { code: 'key.tooOld' } });
    expect(await inspect(ref)).toMatchObject({ ok: true, value: { versions: ['U2F_V2'], offers: [] } });
    const again = await replugged(key);
    const reset = desk.run(desk.care.reset(again, ref, desk.ceremony()));
    expect(await reset).toMatchObject({ ok: false });
    expect(await desk.run(desk.keys.describe(again, desk.ceremony()))).toMatchObject({ ok: true });
  });
});
