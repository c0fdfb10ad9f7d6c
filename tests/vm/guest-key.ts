// A key of the guest: one virtual key on a virtual bus, and the kernel device behind which programs find it.
import { readdir, readFile } from 'node:fs/promises';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { withCtap2, type Touch } from '../../main/simulator/key/key-model.ts';
import { TRAINING_KEYS, type TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey, type VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { guestAttestation } from './guest-files.ts';
import { GUEST_SLOWNESS } from './guest-slowness.ts';
import { presentThroughUhid, type KernelDevice } from './uhid-device.ts';

const RESET_WINDOW_MS = 10_000;
const TOUCH_AFTER_MS = 150;
const APPEARS_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 50;

export class GuestKey {
  readonly key: VirtualKey;
  readonly #usb = new VirtualUsb(nodeSurroundings.clock);
  #device: KernelDevice | undefined;

  private constructor(key: VirtualKey) {
    this.key = key;
  }

  /** A key that is touched whenever it blinks; a modern one out of the box unless told. */
  static async make({ model: kind, memory }: TrainingKey = TRAINING_KEYS.modern): Promise<GuestKey> {
    const attestation = await guestAttestation();
    const resetWindowMs = RESET_WINDOW_MS * GUEST_SLOWNESS;
    const model = kind.ctap2 === undefined ? kind : withCtap2(kind, { resetWindowMs });
    const key = await createVirtualKey(model, nodeSurroundings, { attestation, memory });
    key.autoTouch(TOUCH_AFTER_MS);
    return new GuestKey(key);
  }

  /** How the person touches it from now on: one touch after the other, the last again and again. */
  touches(...touches: readonly Touch[]): void {
    this.key.autoTouch(TOUCH_AFTER_MS, touches);
  }

  /** Plugs it in and answers with its device file. */
  async plugIn(): Promise<string> {
    const plugged = this.#usb.plug(this.key);
    this.#device = await presentThroughUhid(plugged, await this.#usb.open(plugged.path));
    return deviceFile(plugged.product);
  }

  async pullOut(): Promise<void> {
    this.#usb.unplug(this.key);
    await this.#device?.remove();
    this.#device = undefined;
  }
}

/** The kernel's hidraw device of this name. */
async function deviceFile(product: string): Promise<string> {
  const untilMs = performance.now() + APPEARS_WITHIN_MS;
  const never = new AbortController().signal;
  while (performance.now() < untilMs) {
    for (const name of await readdir('/sys/class/hidraw').catch(() => [])) {
      const uevent = await readFile(`/sys/class/hidraw/${name}/device/uevent`, 'utf8').catch(() => '');
      if (uevent.includes(`HID_NAME=${product}\n`)) return `/dev/${name}`;
    }
    await nodeSurroundings.clock.wait(LOOK_AGAIN_MS, never);
  }
  throw new Error('the kernel made no device');
}
