// Sign-in, loaded when it is called for: MSAL is half of the desk's code, and nobody signs in on a first screen.
import type { MsalIdentityOptions } from '../adapters/identity-msal/msal-identity.ts';
import type { IdentityPort, TokenSource } from '../ports/identity.ts';

export interface LateIdentity extends IdentityPort, TokenSource {
  /** Loads it, once; the first sign-in does the same. */
  open(): Promise<IdentityPort & TokenSource>;
}

export function lateIdentity(options: MsalIdentityOptions): LateIdentity {
  let opening: Promise<IdentityPort & TokenSource> | null = null;
  const open = (): Promise<IdentityPort & TokenSource> => (opening ??= build(options));
  return {
    open,
    begin: async (how) => (await open()).begin(how),
    redeem: async (answerUrl, signal) => (await open()).redeem(answerUrl, signal),
    accessToken: async (scopes, how) => (await open()).accessToken(scopes, how),
    // What was never loaded holds nothing.
    forget: async () => (await opening)?.forget(),
  };
}

async function build(options: MsalIdentityOptions): Promise<IdentityPort & TokenSource> {
  const { createMsalIdentity } = await import('../adapters/identity-msal/msal-identity.ts');
  return createMsalIdentity(options);
}
