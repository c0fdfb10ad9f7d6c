// Whether the person is the owner: by token, by finger, or not at all. The same steps in makeCredential and getAssertion.
// Source: CTAP 2.3 §6.1.2 steps 5 to 11, §6.2.2 steps 5 and 6, §6.5.3 (built-in user verification).
import { requireTouch, touchOrRefuse, type CommandContext } from '../ctap/key-session.ts';
import { Refusal, Status } from '../ctap/status.ts';
import { requireToken, type Authorization } from './request-authorization.ts';

/** How many fingers one request looks at before it gives up; also what getInfo recommends to platforms. */
export const UV_ATTEMPTS_PER_REQUEST = 3;

export function hasEnrolledFinger({ ctap2, memory }: CommandContext): boolean {
  return ctap2.fingerprint !== undefined && memory.templates.length > 0;
}

/**
 * Waits for an enrolled finger; a wrong one or a bad sample takes a try.
 * @throws {Refusal} 0x3C when none are left, 0x3F after so many attempts, 0x2D and the time-out's status as for any touch.
 */
export async function verifyFinger(context: CommandContext, attempts: number): Promise<void> {
  const { memory } = context;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (memory.uvRetriesLeft === 0) throw new Refusal(Status.uvBlocked, 'no tries left for fingers');
    const touch = await touchOrRefuse(context);
    const finger = touch.finger ?? DEFAULT_FINGER;
    if (touch.flaw === undefined && memory.templates.some((template) => template.finger === finger)) {
      memory.restoreUvTries();
      return;
    }
    memory.uvRetriesLeft -= 1;
  }
  if (memory.uvRetriesLeft === 0) throw new Refusal(Status.uvBlocked, 'that was the last try for fingers');
  throw new Refusal(Status.uvInvalid, 'not an enrolled finger');
}

/** The finger of people who say nothing of their fingers. */
export const DEFAULT_FINGER = 'right-index';

export interface VerificationAsked {
  readonly authorization: Authorization | undefined;
  /** Option `uv`. */
  readonly uv: boolean;
  /** What the token signed. */
  readonly message: Uint8Array;
  readonly permission: number;
  readonly rpId: string;
  /** Without verification this request is refused. */
  readonly isNeeded: boolean;
}

export interface Verification {
  readonly userVerified: boolean;
  /** The finger counts as the touch too. */
  readonly userPresent: boolean;
}

/** @throws {Refusal} 0x35, 0x33, 0x36, 0x2C, 0x27 and what {@link verifyFinger} throws while trying. */
export async function verifyUser(context: CommandContext, asked: VerificationAsked): Promise<Verification> {
  const { memory } = context;
  if (asked.authorization !== undefined) {
    if (!memory.isProtected) throw new Refusal(Status.pinNotSet, 'a token without a PIN');
    requireToken(context, asked.authorization, asked.message, asked.permission, asked.rpId);
    return { userVerified: true, userPresent: context.session.tokens.isUserPresent };
  }
  if (asked.uv && !hasEnrolledFinger(context)) throw new Refusal(Status.invalidOption, 'no finger can be verified');
  if (asked.uv || (asked.isNeeded && memory.alwaysUv && hasEnrolledFinger(context))) {
    await verifyFingerOrAskForPin(context);
    return { userVerified: true, userPresent: true };
  }
  if (asked.isNeeded) throw new Refusal(Status.pinUvAuthTokenRequired, 'the PIN is needed');
  return { userVerified: false, userPresent: false };
}

/** Where a finger fails a PIN may still do; the platform is told to come with a token (CTAP 2.3 §6.1.2 step 11). */
async function verifyFingerOrAskForPin(context: CommandContext): Promise<void> {
  try {
    await verifyFinger(context, UV_ATTEMPTS_PER_REQUEST);
  } catch (refusal) {
    const failed = refusal instanceof Refusal && (refusal.status === Status.uvInvalid || refusal.status === Status.uvBlocked);
    if (!failed) throw refusal;
    const status = context.memory.pin === undefined ? Status.operationDenied : Status.pinUvAuthTokenRequired;
    throw new Refusal(status, refusal.message);
  }
}

/** A touch, unless the finger of the verification was one. */
export async function requirePresence(context: CommandContext, { userPresent }: Verification): Promise<void> {
  if (!userPresent) await requireTouch(context);
}
