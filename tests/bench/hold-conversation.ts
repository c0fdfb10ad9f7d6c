// What the host says in a conversation that is recorded and played: the same to the byte each time, so nothing in it is chance.
import { CtapHidChannel, STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';
import { KeyStory, type Step } from './key-story.ts';

/** More than one, so that ten keys that begin in the same moment spread as the keys of ten people are. */
export const REGISTRATIONS = 3;
const REGISTRATION: readonly Step[] = ['getInfo', 'PIN token', 'makeCredential', 'getAssertion'];
/** On a machine that is emulated a key may be slow to answer. */
const timing = { ...STANDARD_TIMING, responseTimeoutMs: 60_000, cancelTimeoutMs: 30_000 };

/** {@link REGISTRATIONS} registrations and their proofs on one key, from opening its channel to closing the link. */
export async function holdConversation(link: PacketLink, index: number): Promise<void> {
  const randomBytes = seededRandomBytes(`host of key ${index}`);
  const { signal } = new AbortController();
  const channel = await CtapHidChannel.open(link, { clock: nodeSurroundings.clock, randomBytes }, { signal, timing });
  const story = new KeyStory(channel, randomBytes);
  for (let count = 0; count < REGISTRATIONS; count += 1) {
    for (const step of REGISTRATION) {
      await story.prepare(step);
      await story.tell(step);
    }
  }
  await channel.close();
}
