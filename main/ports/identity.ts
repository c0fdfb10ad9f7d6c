import type { Outcome } from './outcome.ts';

/** Who signed in. The names are personal data: shown, never journalled. */
export interface Account {
  readonly objectId: string;
  readonly tenantId: string;
  readonly userName: string;
  readonly displayName: string | null;
  /** The address from which Microsoft saw the sign-in, where the registration asks for it; null: it did not say. */
  readonly seenFrom: string | null;
}

export interface SignInStart {
  readonly url: string;
  /** A navigation to an address that begins with this is the answer and is never loaded. */
  readonly redirectPrefix: string;
}

export interface SignInWish {
  readonly uiLocale: string;
  /** The name the page begins with, where somebody has looked the person up already. */
  readonly loginHint?: string;
}

/** Authorization code with PKCE through MSAL; one instance of everything per stay, in memory only. */
export interface IdentityPort {
  /** A fresh sign-in with `prompt=login`; an older one of this stay is forgotten. */
  begin(options: SignInWish): Promise<Outcome<SignInStart>>;
  /** `answerUrl` is the caught navigation with code and state, or with error and error_description. */
  redeem(answerUrl: string, signal: AbortSignal): Promise<Outcome<Account>>;
  /** Drops accounts, tokens and keys of this stay. */
  forget(): Promise<void>;
}

/** What a token must be beyond the one in memory. */
export interface TokenWish {
  /** Claims the directory asked for, as JSON. */
  readonly claims?: string;
  /** The one in memory was refused; a new one, or why there is none. */
  readonly renew?: boolean;
}

/** For the directory adapter only: an access token for the scopes, from memory. */
export interface TokenSource {
  accessToken(scopes: readonly string[], wish?: TokenWish): Promise<Outcome<string>>;
}

/** What the station proves itself with. The key is a secret: never logged, never journalled. */
export interface StationCredential {
  readonly certificatePem: string;
  /** PKCS #8 or PKCS #1, RSA, without a passphrase. */
  readonly privateKeyPem: string;
  /** Hexadecimal. */
  readonly thumbprintSha256: string;
}
