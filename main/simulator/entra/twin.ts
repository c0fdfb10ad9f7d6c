// The twin of Microsoft Entra ID, Microsoft Graph and the Microsoft pages, at HTTP height: a request in, a response out.
// It listens on nothing. It answers on Microsoft's real host names so that the same URL code and allow-lists run as in the
// field; who calls it decides where those requests come from (the sign-in view, MSAL, the directory adapter, the phone).
import type { Stage } from './stage.ts';

/** The desk's clock port fits. */
export interface TwinClock {
  /** Epoch milliseconds; everything with a date follows it. */
  wallMs(): number;
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Calls once after `delayMs`; the result cancels. For injected delays only. */
  after(delayMs: number, run: () => void): () => void;
}

/** The application registration of the desk. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Delegated Microsoft Graph scopes with admin consent; the twin never asks for consent. */
  readonly graphScopes: readonly string[];
}

export interface TenantFacts {
  /** A GUID. */
  readonly tenantId: string;
  readonly displayName: string;
  /** The part of a UPN after the `@`. */
  readonly domain: string;
  readonly app: RegisteredApp;
}

/** A font the pages may use, served from the twin's own content host; without any they use the system's. */
export interface PageFont {
  readonly family: string;
  /** WOFF2. */
  readonly bytes: Uint8Array;
  /** CSS unicode-range. */
  readonly unicodeRange?: string;
  /** CSS font-weight of the file: `400`, or `200 800` for a variable one. */
  readonly weight?: string;
}

export interface TwinOptions {
  readonly clock: TwinClock;
  /** For pass codes, ids and challenges. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** DER certificates that a packed attestation may chain to. */
  readonly trustedAttestationRoots: readonly Uint8Array[];
  /** Names by AAGUID (lower-case GUID), as FIDO metadata would give them. */
  readonly modelNames?: ReadonlyMap<string, string>;
  readonly tenant?: Partial<TenantFacts>;
  readonly fonts?: readonly PageFont[];
  /** Sets the scene; runs at the start and after every reset. */
  readonly opening?: (stage: Stage) => void;
}

export interface Twin {
  readonly tenant: TenantFacts;
  readonly stage: Stage;
  /**
   * Answers one request; redirects are answers like others. Hosts that are not the twin's get 404.
   * Keeps no cookies for the caller: wrap it with `createTwinSession`.
   * @throws {TypeError} where an injected fault breaks the connection, with the request's signal's reason when it aborts.
   */
  handle(request: Request): Promise<Response>;
}

/** A practice tenant with one application that has the rights the desk asks for. */
export const DEFAULT_TENANT: TenantFacts = {
  tenantId: '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73',
  displayName: 'Kestrel Harbour',
  domain: 'kestrelharbour.example',
  app: {
    clientId: '0c7be1d4-93a2-4f58-8e6d-51a4c9f2b730',
    displayName: 'Firstkey desk',
    redirectUris: ['https://login.microsoftonline.com/common/oauth2/nativeclient', 'http://localhost'],
    graphScopes: ['User.Read', 'UserAuthMethod-Passkey.ReadWrite', 'UserAuthMethod-TAP.ReadWrite', 'UserAuthMethod-MicrosoftAuthApp.Read', 'UserAuthenticationMethod.Read'],
  },
};
