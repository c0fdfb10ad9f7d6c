// The station's tokens, loaded when one is called for: MSAL is half of the desk's code, and no first screen needs it.
import type { StationTokensOptions } from '../adapters/identity-msal/station-tokens.ts';
import type { TokenSource } from '../ports/identity.ts';

/** `after`: nothing is loaded before, whoever asks. */
export function lateStation(options: StationTokensOptions, after: Promise<void>): TokenSource {
  let opening: Promise<TokenSource> | null = null;
  const open = (): Promise<TokenSource> => (opening ??= build(options, after));
  return { accessToken: async (scopes, wish) => (await open()).accessToken(scopes, wish) };
}

async function build(options: StationTokensOptions, after: Promise<void>): Promise<TokenSource> {
  await after;
  const { createStationTokens } = await import('../adapters/identity-msal/station-tokens.ts');
  return createStationTokens(options);
}
