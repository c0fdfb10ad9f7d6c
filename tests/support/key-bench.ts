// A virtual key in a slot, a handle on it, and a clock in the test's hand: where most key tests start.
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import type { Surroundings } from '../../main/fido/surroundings.ts';
import type { TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { trainingAttestation, type TrainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { createVirtualKey, type VirtualKey, type VirtualKeyOptions } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandomBytes } from './seeded-random.ts';

/** Certificates take longer to make than a test takes to run: one root for all keys of a test file. */
const sharedAttestation = trainingAttestation({ randomBytes: seededRandomBytes('training attestation') });

export interface KeyBench {
  readonly clock: ManualClock;
  readonly surroundings: Surroundings;
  readonly usb: VirtualUsb;
  readonly key: VirtualKey;
  readonly path: string;
  readonly link: PacketLink;
  readonly attestation: TrainingAttestation;
  /** Pulls the key out, plugs it in again and opens it. */
  readonly replug: () => Promise<PacketLink>;
}

/** Plugs the key in and opens it. The seed makes channels, keys and ids repeatable. */
export async function keyBench(
  { model, memory }: TrainingKey,
  options: Omit<VirtualKeyOptions, 'memory' | 'attestation'> & { readonly seed?: string } = {},
): Promise<KeyBench> {
  const clock = new ManualClock();
  const surroundings: Surroundings = { clock, randomBytes: seededRandomBytes(options.seed ?? model.name) };
  const attestation = await sharedAttestation;
  const key = await createVirtualKey(model, surroundings, { ...options, memory, attestation });
  const usb = new VirtualUsb(clock);
  const { path } = usb.plug(key);
  const link = await usb.open(path);
  const replug = async () => {
    usb.unplug(key);
    return usb.open(usb.plug(key).path);
  };
  return { clock, surroundings, usb, key, path, link, attestation, replug };
}
