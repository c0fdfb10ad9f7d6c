// Sign-in through MSAL: authorization code with PKCE, tokens in memory only.
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { IdentityPort, TokenSource } from '../../ports/identity.ts';
import type { Settings } from '../../ports/settings.ts';

export interface MsalIdentityOptions {
  readonly settings: Pick<Settings, 'tenantId' | 'clientId' | 'authorityHost' | 'graphOrigin'>;
  readonly http: HttpPort;
  /** Bounds every exchange with the token endpoint. */
  readonly clock: ClockPort;
  /** `length` cryptographically strong bytes, for state and nonce; the machine's own when left out. */
  readonly random?: (length: number) => Uint8Array;
}

export declare function createMsalIdentity(options: MsalIdentityOptions): IdentityPort & TokenSource;
