// What one key knows between power-up and power-down, and the context in which its commands run.
import type { CborMap } from '../../../fido/bytes/cbor.ts';
import type { Surroundings } from '../../../fido/surroundings.ts';
import type { AttestationLeaf } from '../training-attestation.ts';
import type { Ctap2Model, KeyModel, Touch } from '../key-model.ts';
import type { KeyQuirk } from '../key-quirks.ts';
import type { TouchOutcome } from '../user-presence.ts';
import type { KeyMemory, StoredCredential } from '../credentials/key-memory.ts';
import { KeyAgreement } from '../pin/pin-uv-protocols.ts';
import { PinTokens } from '../pin/pin-token.ts';
import { Refusal, Status } from './status.ts';

/** Assertions still to be fetched with getNextAssertion. */
export interface PendingAssertions {
  readonly left: StoredCredential[];
  readonly assert: (credential: StoredCredential) => CborMap;
  lastAtMs: number;
}

/** Relying parties or credentials still to be fetched with the "next" sub-commands of credential management. */
export interface PendingEnumeration {
  /** The sub-command that fetches the next one. */
  readonly nextSubCommand: number;
  readonly left: CborMap[];
}

/** A finger that is being enrolled. */
export interface PendingEnrollment {
  readonly templateId: Uint8Array;
  /** The finger of the first good sample. */
  finger: string | undefined;
  goodSamples: number;
}

export class KeySession {
  readonly poweredAtMs: number;
  readonly keyAgreement: KeyAgreement;
  readonly tokens: PinTokens;
  wrongPinsInARow: number;
  /** Both end as soon as any other command comes. */
  pendingAssertions: PendingAssertions | undefined;
  pendingEnumeration: PendingEnumeration | undefined;
  pendingEnrollment: PendingEnrollment | undefined;

  constructor(model: KeyModel, ctap2: Ctap2Model, surroundings: Surroundings, wrongPinsInARow: number) {
    const { clock, randomBytes } = surroundings;
    this.poweredAtMs = clock.nowMs();
    this.keyAgreement = new KeyAgreement(randomBytes);
    this.tokens = new PinTokens(ctap2.tokens, model.quirks.has('short-pin-token') ? 16 : 32, clock, randomBytes);
    this.wrongPinsInARow = wrongPinsInARow;
  }
}

/** Everything a command may look at. One per command. */
export interface CommandContext {
  readonly model: KeyModel;
  readonly ctap2: Ctap2Model;
  readonly memory: KeyMemory;
  readonly session: KeySession;
  readonly surroundings: Surroundings;
  readonly attestation: AttestationLeaf | undefined;
  /** The certificate that names this very key. */
  readonly enterpriseAttestation: AttestationLeaf | undefined;
  /** Waits for the finger, as long as the model does unless told; how it ended. */
  readonly touch: (timeoutMs?: number) => Promise<TouchOutcome>;
}

export function hasQuirk(context: CommandContext, quirk: KeyQuirk): boolean {
  return context.model.quirks.has(quirk);
}

/** CTAP 2.1 on: permissions, selection, and the status codes that came with them. */
export function isModern({ ctap2 }: CommandContext): boolean {
  return ctap2.tokens === 'per-operation';
}

/** @throws {Refusal} with the model's own status when nobody touches, 0x2D when the host cancels. */
export async function touchOrRefuse(context: CommandContext): Promise<Touch> {
  const outcome = await context.touch();
  switch (outcome.kind) {
    case 'touched':
      return outcome.touch;
    case 'timed-out':
      throw new Refusal(context.ctap2.touchTimeoutStatus, 'nobody touched the key');
    case 'cancelled':
      throw new Refusal(Status.keepaliveCancel, 'the host cancelled');
    default: {
      const never: never = outcome;
      throw new Error(`unknown outcome ${String(never)}`);
    }
  }
}

/** As {@link touchOrRefuse}, when it doesn't matter how. */
export async function requireTouch(context: CommandContext): Promise<void> {
  await touchOrRefuse(context);
}
