// The conversation that players play: registrations one after the other, each with its proof, through our client. Ten keys
// tell it at once in the guest; it is recorded before, in plain Node, with virtual keys whose person takes a while to touch.
//   node key-conversation.js <file for the recordings> <how many keys>
import { writeFile } from 'node:fs/promises';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { holdConversation } from './hold-conversation.ts';
import { RecordedLink, type Recording } from './key-player.ts';

const [file, keys] = process.argv.slice(2);
if (file === undefined || keys === undefined) throw new Error('usage: key-conversation FILE KEYS');
/** How long the person takes to touch. */
const TOUCH_AFTER_MS = 1_500;

const attestation = await trainingAttestation({ randomBytes: seededRandomBytes('attestation of the bench') });
const usb = new VirtualUsb(nodeSurroundings.clock);

async function record(index: number): Promise<Recording> {
  const surroundings = { ...nodeSurroundings, randomBytes: seededRandomBytes(`key ${index} of the bench`) };
  const key = await createVirtualKey(MODERN_KEY, surroundings, { attestation, memory: { pin: TRAINING_PIN } });
  key.autoTouch(TOUCH_AFTER_MS);
  const link = new RecordedLink(await usb.open(usb.plug(key).path));
  await holdConversation(link, index);
  return link.recording;
}

await writeFile(file, JSON.stringify(await Promise.all(Array.from({ length: Number(keys) }, (_, index) => record(index)))));
