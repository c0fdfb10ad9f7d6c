// The PIN token: what it may do, for whom and for how long. Source: CTAP 2.3 §6.5.2.1, §6.5.5.7 and, for the older kind,
// CTAP 2.0 §5.5.7.
import type { FidoClock, RandomBytes } from '../../../fido/surroundings.ts';
import type { Ctap2Model } from '../key-model.ts';
import { pinUvProtocol, verifies } from './pin-uv-protocols.ts';

export const Permission = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  credentialManagement: 0x04,
  bioEnrollment: 0x08,
  authenticatorConfig: 0x20,
  /** Of the persistent token, which has no other. */
  persistentCredentialManagementReadOnly: 0x40,
} as const;

const FIRST_USE_WITHIN_MS = 30_000;
const PRESENT_FOR_MS = 30_000;
const LIFE_MS = 600_000;

interface LiveToken {
  readonly version: 1 | 2;
  readonly bytes: Uint8Array;
  readonly issuedAtMs: number;
  permissions: number;
  rpId: string | undefined;
  used: boolean;
  /** The finger that gave the token counts as a touch too, once. */
  isUserPresent: boolean;
}

/** What a token is given out for. */
export interface TokenGrant {
  readonly permissions: number;
  readonly rpId?: string | undefined;
  readonly isUserPresent?: boolean;
}

/** Holds at most one token: issuing one ends the last, under either protocol. */
export class PinTokens {
  readonly #kind: Ctap2Model['tokens'];
  readonly #clock: FidoClock;
  readonly #randomBytes: RandomBytes;
  readonly #bytes: number;
  #live: LiveToken | undefined;

  constructor(kind: Ctap2Model['tokens'], tokenBytes: number, clock: FidoClock, randomBytes: RandomBytes) {
    this.#kind = kind;
    this.#bytes = tokenBytes;
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  issue(version: 1 | 2, { permissions, rpId, isUserPresent = false }: TokenGrant): Uint8Array {
    if (this.#kind === 'until-power-cycle' && this.#live !== undefined) return this.#live.bytes;
    const bytes = this.#randomBytes(version === 2 ? 32 : this.#bytes);
    this.#live = { version, bytes, issuedAtMs: this.#clock.nowMs(), permissions, rpId, used: false, isUserPresent };
    return bytes;
  }

  /** Ends the token: at PIN changes, and where a command says so. */
  end(): void {
    this.#live = undefined;
  }

  /** Whether `mac` over `message` was made with the live token under this protocol and the token may do this. */
  allows(version: 1 | 2, message: Uint8Array, mac: Uint8Array, permission: number, rpId?: string): boolean {
    const token = this.#current();
    if (token === undefined || token.version !== version) return false;
    if (!verifies(pinUvProtocol(version), token.bytes, message, mac)) return false;
    if ((token.permissions & permission) === 0) return false;
    if (rpId !== undefined && token.rpId !== undefined && token.rpId !== rpId) return false;
    token.used = true;
    if (this.#kind === 'per-operation' && rpId !== undefined) token.rpId ??= rpId;
    return true;
  }

  /** The site the live token is tied to, if any. */
  get rpId(): string | undefined {
    return this.#live?.rpId;
  }

  /** Whether the finger that gave the token still counts as a touch. */
  get isUserPresent(): boolean {
    const token = this.#current();
    return token !== undefined && token.isUserPresent && this.#clock.nowMs() - token.issuedAtMs <= PRESENT_FOR_MS;
  }

  /** After a credential was made or used with a touch, the token is spent (CTAP 2.3 §6.1.2 step 14, §6.2.2 step 9). */
  spend(): void {
    if (this.#kind !== 'per-operation' || this.#live === undefined) return;
    this.#live.permissions = 0;
    this.#live.isUserPresent = false;
  }

  #current(): LiveToken | undefined {
    const token = this.#live;
    if (token === undefined || this.#kind === 'until-power-cycle') return token;
    const ageMs = this.#clock.nowMs() - token.issuedAtMs;
    if (ageMs > LIFE_MS || (!token.used && ageMs > FIRST_USE_WITHIN_MS)) this.#live = undefined;
    return this.#live;
  }
}
