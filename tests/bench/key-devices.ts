// The keys of the key bench, in a process of their own: virtual keys, or players of recorded conversations, that the guest's
// kernel presents as hidraw devices. Keys made from one seed are one key to the byte, so what one client said to the first can
// be said to the second again.
import { readdir, readFile } from 'node:fs/promises';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import type { KeyModel } from '../../main/simulator/key/key-model.ts';
import { MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb, type KeyOnBus } from '../../main/simulator/key/virtual-usb.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { presentThroughUhid, type KernelDevice } from '../vm/uhid-device.ts';
import { KeyPlayer, type Recording } from './key-player.ts';

/** Plugs fresh keys in, and takes those out that were there before. */
export type KeysOrder =
  /** So many virtual keys of one seed, touched at once. */
  | { readonly kind: 'computing'; readonly keys: number }
  /** The recordings in this file, from the first on. */
  | { readonly kind: 'playing'; readonly file: string; readonly keys: number };

export interface KeysThere {
  /** Device files. */
  readonly paths: readonly string[];
}

/** The guest's processor is emulated: packets of one message may come that slowly. */
const PACKET_TIMEOUT_MS = 20_000;
const APPEARS_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 50;
const never = new AbortController().signal;

const usb = new VirtualUsb(nodeSurroundings.clock);
const model: KeyModel = { ...MODERN_KEY, hid: { ...MODERN_KEY.hid, packetTimeoutMs: PACKET_TIMEOUT_MS } };
let plugged: { readonly takeOut: () => void; readonly device: KernelDevice }[] = [];

process.on('message', (order: KeysOrder) => {
  void plugIn(order).then((there) => process.send?.(there));
});
process.on('disconnect', () => process.exit(0));

async function plugIn(order: KeysOrder): Promise<KeysThere> {
  for (const { takeOut, device } of plugged) {
    takeOut();
    await device.remove();
  }
  plugged = [];
  const recordings = order.kind === 'playing' ? (JSON.parse(await readFile(order.file, 'utf8')) as Recording[]) : [];
  const paths: string[] = [];
  for (let index = 0; index < order.keys; index += 1) {
    const { onBus, link, takeOut } = order.kind === 'computing' ? await computingKey() : playingKey(recordings[index], index);
    plugged.push({ takeOut, device: await presentThroughUhid(onBus, link) });
    paths.push(await deviceFile(onBus.path));
  }
  return { paths };
}

interface Presented {
  readonly onBus: KeyOnBus;
  readonly link: PacketLink;
  readonly takeOut: () => void;
}

async function computingKey(): Promise<Presented> {
  const surroundings = { ...nodeSurroundings, randomBytes: seededRandomBytes('key of the bench') };
  // One for each key: a shared one would sign a different certificate for the second.
  const attestation = await trainingAttestation({ randomBytes: seededRandomBytes('attestation of the bench') });
  const key = await createVirtualKey(model, surroundings, { attestation, memory: { pin: TRAINING_PIN } });
  key.autoTouch(0);
  const onBus = usb.plug(key);
  return { onBus, link: await usb.open(onBus.path), takeOut: () => usb.unplug(key) };
}

function playingKey(recording: Recording | undefined, index: number): Presented {
  if (recording === undefined) throw new Error(`there is no recording ${index}`);
  // Whoever waits for this process hears of it at once, and the bench ends.
  const player = new KeyPlayer(recording, (complaint) => {
    console.error(`key ${index}: ${complaint.message}`);
    process.exit(1);
  });
  const { vendorId, productId } = MODERN_KEY;
  const onBus: KeyOnBus = { path: `player-${index}`, vendorId, productId, product: 'Player', plug: MODERN_KEY.plug };
  return { onBus, link: player, takeOut: () => void player.close() };
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
