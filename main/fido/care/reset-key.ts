// A reset that erases the key it was meant for, and shows that it did. Keys take it for some seconds after they were
// plugged in, so nothing is asked before it but what tells one key from another. Source: CTAP 2.3 §6.6.
import { getInfo, type AuthenticatorInfo } from '../ctap/get-info.ts';
import { resetKey } from '../ctap/reset.ts';
import { CTAP_STATUS, CtapStatusError, isStatus } from '../ctap/status.ts';
import type { HidCall } from '../hid/channel.ts';
import { CtapHidError, KeyNotAnswering } from '../hid/errors.ts';
import { PacketLinkClosed } from '../hid/packet-link.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { likenessOf, recognise, type KeyLikeness, type ReadSerial } from './key-likeness.ts';
import type { KeyOperations } from '../key/operation.ts';
import { done, refused, type KeyOutcome } from '../key/outcome.ts';

export interface ResetProof {
  /** By what the key was known again; `undefined` when nothing was expected. */
  readonly recognisedBy: 'serial' | 'likeness' | undefined;
  /** Read back and fresh, or gone from the bus before it could be read; then describe it once it is back. */
  readonly state: 'fresh' | 'notSeen';
}

export interface ExpectedKey {
  /** From before it was unplugged. */
  readonly likeness: KeyLikeness;
  /** Needed where the likeness has a serial. */
  readonly readSerial?: ReadSerial;
  /** Of the key that is plugged in now. */
  readonly usbSerial?: string | undefined;
}

/** What shows that somebody used a key before: nothing of it is left after a reset, or on a key out of its box. */
export type FreshnessDoubt = 'pinSet' | 'fingerprintEnrolled' | 'pinMustChange' | 'alwaysUv';

/** Empty for a key as it comes out of its box. Makers may ship keys with always-UV on, which is why it is told apart. */
export function freshnessDoubts({ options, forcePinChange }: AuthenticatorInfo): readonly FreshnessDoubt[] {
  const enrolled = options.get('bioEnroll') === true || options.get('userVerificationMgmtPreview') === true;
  const doubts: readonly (readonly [FreshnessDoubt, boolean])[] = [
    ['pinSet', options.get('clientPin') === true],
    ['fingerprintEnrolled', enrolled],
    ['pinMustChange', forcePinChange],
    ['alwaysUv', options.get('alwaysUv') === true],
  ];
  return doubts.filter(([, stands]) => stands).map(([doubt]) => doubt);
}

/** Only on a key that speaks CTAP2. */
export async function resetAndLook(
  { channel, pins }: KeyOperations,
  expected: ExpectedKey | undefined,
  hidCall: HidCall,
): Promise<KeyOutcome<ResetProof>> {
  let recognisedBy: ResetProof['recognisedBy'];
  if (expected !== undefined) {
    const info = await getInfo(channel, hidCall);
    const serial = expected.likeness.serial === undefined ? undefined : await expected.readSerial?.(hidCall);
    const recognition = recognise(expected.likeness, likenessOf(channel.device, info, serial, expected.usbSerial));
    if (recognition === 'different') return refused({ kind: 'anotherKey' });
    if (info.transportsForReset?.includes('usb') === false) return refused({ kind: 'resetNotAllowed' });
    recognisedBy = recognition;
  }
  try {
    await resetKey(channel, hidCall);
  } catch (error) {
    // Older keys answer "too late" with the second of these.
    if (isStatus(error, CTAP_STATUS.NOT_ALLOWED) || isStatus(error, CTAP_STATUS.PIN_AUTH_BLOCKED)) {
      return refused({ kind: 'resetNotAllowed' });
    }
    throw error;
  }
  pins.startAnew();
  const after = await lookAgain(channel, hidCall);
  if (after === undefined) return done({ recognisedBy, state: 'notSeen' });
  const left = freshnessDoubts(after).filter((doubt) => doubt === 'pinSet' || doubt === 'fingerprintEnrolled');
  if (left.length > 0) throw new ProtocolViolation('reset answer', `said to be done, but ${left.join(', ')}`);
  return done({ recognisedBy, state: 'fresh' });
}

/** What a key that was erased and is starting anew may do; none of it makes the reset undone. */
const NOT_SEEN = [PacketLinkClosed, KeyNotAnswering, ProtocolViolation, CtapStatusError] as const;

/** getInfo once more; `undefined` from keys that leave the bus after a reset, or need a new channel and are slow with it. */
async function lookAgain(channel: KeyOperations['channel'], hidCall: HidCall): Promise<AuthenticatorInfo | undefined> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      return await getInfo(channel, hidCall);
    } catch (error) {
      // Its leaving may end the call before it closes the link; nothing that ends a look undoes the reset.
      if (hidCall.signal.aborted || NOT_SEEN.some((kind) => error instanceof kind)) return undefined;
      // The channel is gone with the reset: the next request gets a new one.
      if (!(error instanceof CtapHidError)) throw error;
    }
  }
  return undefined;
}
