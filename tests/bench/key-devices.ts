// The keys of the key bench, in a process of their own: virtual keys that the guest's kernel presents as hidraw devices. Keys
// made from one seed are one key to the byte, so what one client said to the first can be said to the second again.
import { readdir, readFile } from 'node:fs/promises';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import type { KeyModel } from '../../main/simulator/key/key-model.ts';
import { MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey, type VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { presentThroughUhid, type KernelDevice } from '../vm/uhid-device.ts';

/** Asks for so many keys, fresh ones; those that were plugged in before are taken out. */
export interface KeysOrder {
  readonly keys: number;
  /** How long a person takes to touch. */
  readonly touchAfterMs: number;
}

export interface KeysThere {
  /** Device files. */
  readonly paths: readonly string[];
}

/** The guest's processor is emulated: packets of one message may come that slowly. */
const PACKET_TIMEOUT_MS = 20_000;
const APPEARS_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 50;
const never = new AbortController().signal;

const attestation = await trainingAttestation({ randomBytes: seededRandomBytes('attestation of the bench') });
const usb = new VirtualUsb(nodeSurroundings.clock);
const model: KeyModel = { ...MODERN_KEY, hid: { ...MODERN_KEY.hid, packetTimeoutMs: PACKET_TIMEOUT_MS } };
let plugged: { readonly key: VirtualKey; readonly device: KernelDevice }[] = [];

process.on('message', (order: KeysOrder) => {
  void plugIn(order).then((there) => process.send?.(there));
});
process.on('disconnect', () => process.exit(0));

async function plugIn({ keys, touchAfterMs }: KeysOrder): Promise<KeysThere> {
  for (const { key, device } of plugged) {
    usb.unplug(key);
    await device.remove();
  }
  plugged = [];
  const paths: string[] = [];
  for (let index = 0; index < keys; index += 1) {
    const surroundings = { ...nodeSurroundings, randomBytes: seededRandomBytes('key of the bench') };
    const key = await createVirtualKey(model, surroundings, { attestation, memory: { pin: TRAINING_PIN } });
    key.autoTouch(touchAfterMs);
    const onBus = usb.plug(key);
    plugged.push({ key, device: await presentThroughUhid(onBus, await usb.open(onBus.path)) });
    paths.push(await deviceFile(onBus.path));
  }
  return { paths };
}

/** The kernel's hidraw device on this place of the bus. */
async function deviceFile(place: string): Promise<string> {
  const untilMs = performance.now() + APPEARS_WITHIN_MS;
  while (performance.now() < untilMs) {
    for (const name of await readdir('/sys/class/hidraw').catch(() => [])) {
      const uevent = await readFile(`/sys/class/hidraw/${name}/device/uevent`, 'utf8').catch(() => '');
      if (uevent.includes(`HID_PHYS=${place}\n`)) return `/dev/${name}`;
    }
    await nodeSurroundings.clock.wait(LOOK_AGAIN_MS, never);
  }
  throw new Error(`the kernel made no device for ${place}`);
}
