// The desk's own sign-in, for what no person's rights reach: an application with a certificate. Tokens stay in memory.
// Source: Microsoft identity platform, "OAuth 2.0 client credentials flow", "Certificate credentials".
import { ConfidentialClientApplication, LogLevel } from '@azure/msal-node';
import { because, type Reason } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { StationCredential, TokenSource, TokenWish } from '../../ports/identity.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Settings } from '../../ports/settings.ts';
import { reasonOfError } from './refusal.ts';
import { createTokenExchange } from './token-exchange.ts';

export interface StationTokensOptions {
  /** `clientId` is the station's registration, never the one people sign in with. */
  readonly settings: Pick<Settings, 'tenantId' | 'clientId' | 'authorityHost'>;
  readonly http: HttpPort;
  /** Bounds every exchange with the token endpoint. MSAL dates what it signs by the machine's own clock. */
  readonly clock: ClockPort;
  /** Asked for again after a refusal: a certificate is renewed by putting new files in place. */
  readonly credential: () => Promise<Outcome<StationCredential>>;
}

export function createStationTokens({ settings, http, clock, credential }: StationTokensOptions): TokenSource {
  const { tenantId, clientId, authorityHost } = settings;
  let opening: Promise<Outcome<ConfidentialClientApplication>> | null = null;

  async function open(): Promise<Outcome<ConfidentialClientApplication>> {
    const proof = await credential();
    if (!proof.ok) return proof;
    const { certificatePem, privateKeyPem, thumbprintSha256 } = proof.value;
    const application = new ConfidentialClientApplication({
      auth: {
        clientId,
        authority: `https://${authorityHost}/${tenantId}`,
        knownAuthorities: [authorityHost],
        clientCapabilities: ['CP1'],
        clientCertificate: { thumbprintSha256, privateKey: privateKeyPem, x5c: certificatePem },
      },
      system: {
        networkClient: createTokenExchange({ http, clock, signal: new AbortController().signal }),
        loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false, logLevel: LogLevel.Error },
      },
    });
    return { ok: true, value: application };
  }

  async function accessToken(scopes: readonly string[], { claims, renew = false }: TokenWish = {}): Promise<Outcome<string>> {
    const mine = (opening ??= open());
    const opened = await mine;
    const refuse = (reason: Reason): Outcome<never> => {
      if (opening === mine) opening = null;
      return { ok: false, reason };
    };
    if (!opened.ok) return refuse(opened.reason);
    try {
      const request = { scopes: [...scopes], skipCache: renew, ...(claims === undefined ? {} : { claims }) };
      const result = await opened.value.acquireTokenByClientCredential(request);
      return result === null ? refuse(because('desk.stationNotReady')) : { ok: true, value: result.accessToken };
    } catch (error) {
      return refuse(reasonOfError(error, 'desk.stationNotReady'));
    }
  }

  return { accessToken };
}
