// A touch of a key that knows U2F alone. U2F has no question for just that, so the key is asked to register at a site that
// can't exist, as browsers do; what it makes is dropped, and such a key keeps nothing of it. Over CTAPHID it answers at once
// that it wants a touch, and is asked again. Source: FIDO U2F Raw Message Formats §4 (U2F_REGISTER).
import { createHash } from 'node:crypto';
import type { Surroundings } from '../surroundings.ts';
import type { HidCall } from './channel.ts';
import { KEEPALIVE_STATUS } from './codes.ts';
import { sendU2f, U2F_STATUS, type U2fChannel } from './u2f-message.ts';

const INS_REGISTER = 0x01;
const CHALLENGE_BYTES = 32;
/** Between two questions: often enough for a finger that only taps, seldom enough for a slow key. */
const ASK_EVERY_MS = 200;
/** As long as keys of CTAP 2 wait by themselves. */
const TOUCH_WITHIN_MS = 30_000;

/** `refused`: it does not register, so it can't be asked. Errors as the channel's. */
export async function touchU2f(
  channel: U2fChannel,
  { clock, randomBytes }: Surroundings,
  call: HidCall,
): Promise<'touched' | 'late' | 'refused'> {
  const application = createHash('sha256').update('touch.invalid').digest();
  const data = [...randomBytes(CHALLENGE_BYTES), ...application];
  const apdu = Uint8Array.of(0, INS_REGISTER, 0, 0, 0, 0, data.length, ...data, 0, 0);
  const untilMs = clock.nowMs() + TOUCH_WITHIN_MS;
  while (clock.nowMs() < untilMs) {
    const { status } = await sendU2f(channel, apdu, call);
    if (status === U2F_STATUS.OK) return 'touched';
    if (status !== U2F_STATUS.CONDITIONS_NOT_SATISFIED) return 'refused';
    call.onKeepalive?.(KEEPALIVE_STATUS.UP_NEEDED);
    await clock.wait(ASK_EVERY_MS, call.signal);
  }
  return 'late';
}
