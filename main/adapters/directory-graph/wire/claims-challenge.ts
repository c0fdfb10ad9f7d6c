// Graph may ask for a better token: Conditional Access or continuous access evaluation has changed its mind.
// Source: Microsoft identity platform, "Claims challenges, claims requests and client capabilities"; RFC 9110 §11.6.1.

/**
 * The claims to ask a new token for, as the JSON text MSAL takes; null when the answer holds no challenge that can be
 * read. `header` is the value of WWW-Authenticate; several such headers arrive joined by commas, parameters in any order.
 */
export function claimsAskedFor(header: string | null): string | null {
  if (header === null || !/\berror\s*=\s*"?insufficient_claims\b/i.test(header)) return null;
  const encoded = /\bclaims\s*=\s*"([A-Za-z0-9+/_=-]+)"/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : null;
  } catch {
    return null;
  }
}
