import type { Outcome } from './outcome.ts';

/** Who signed in. The names are personal data: shown, never journalled. */
export interface Account {
  readonly objectId: string;
  readonly tenantId: string;
  readonly userName: string;
  readonly displayName: string | null;
}

export interface SignInStart {
  readonly url: string;
  /** A navigation to an address that begins with this is the answer and is never loaded. */
  readonly redirectPrefix: string;
}

/** Authorization code with PKCE through MSAL; one instance of everything per stay, in memory only. */
export interface IdentityPort {
  /** A fresh sign-in with `prompt=login`; an older one of this stay is forgotten. */
  begin(options: { readonly uiLocale: string }): Promise<Outcome<SignInStart>>;
  /** `answerUrl` is the caught navigation with code and state, or with error and error_description. */
  redeem(answerUrl: string, signal: AbortSignal): Promise<Outcome<Account>>;
  /** Drops accounts, tokens and keys of this stay. */
  forget(): Promise<void>;
}

/** For the directory adapter only: an access token for the scopes, from memory. */
export interface TokenSource {
  accessToken(scopes: readonly string[], options?: { readonly claims?: string }): Promise<Outcome<string>>;
}
