// authenticatorReset: everything a person put on the key goes. Source: CTAP 2.3 §6.6.
import { hasQuirk, requireTouch, touchOrRefuse, type CommandContext } from './key-session.ts';
import { Refusal, Status } from './status.ts';

/** How long a finger stays for a long touch (CTAP 2.3 §6.11.5). */
const LONG_TOUCH_MS = 5_000;

/** @throws {Refusal} 0x30 after the window, and as any touch. */
export async function reset(context: CommandContext): Promise<void> {
  const { ctap2, memory, session, surroundings } = context;
  if (hasQuirk(context, 'reset-blocked')) throw new Refusal(Status.notAllowed, 'another application shares the PIN');
  const sincePowerUpMs = surroundings.clock.nowMs() - session.poweredAtMs;
  if (sincePowerUpMs > ctap2.resetWindowMs && !hasQuirk(context, 'no-reset-window')) {
    const odd = hasQuirk(context, 'late-reset-says-pin-blocked');
    throw new Refusal(odd ? Status.pinAuthBlocked : Status.notAllowed, 'the key was plugged in too long ago');
  }
  if (memory.longTouchForReset) await requireLongTouch(context);
  else await requireTouch(context);
  memory.wipe();
  session.tokens.end();
  session.keyAgreement.regenerate();
  session.pendingEnrollment = undefined;
  session.wrongPinsInARow = 0;
}

/** A short touch is no refusal: the key goes on waiting, as long as it waits for touches. */
async function requireLongTouch(context: CommandContext): Promise<void> {
  const { clock } = context.surroundings;
  const startedMs = clock.nowMs();
  for (;;) {
    const { heldMs = 0 } = await touchOrRefuse(context);
    if (heldMs >= LONG_TOUCH_MS) return;
    if (clock.nowMs() - startedMs > context.ctap2.touchTimeoutMs) break;
  }
  throw new Refusal(context.ctap2.touchTimeoutStatus, 'nobody held the key long enough');
}
