// A page of the twin that talks to a security key, read as its script reads it, and answered as its script would.
import type { TestAuthenticator, RequestOptions, SpoiltAssertion } from './test-authenticator.ts';
import type { TwinBrowser } from './twin-browser.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** The members of `publicKey` on the page. */
export function keyOptions(browser: TwinBrowser, kind: 'get'): RequestOptions & { readonly userVerification: string } {
  const found = new RegExp(`data-key="${kind}"\\s+data-options="([^"]*)"`).exec(browser.page)?.[1];
  if (found === undefined) throw new Error(`no page for a security key (${kind}) at ${browser.url}`);
  return JSON.parse(found.replaceAll(/&(?:quot|#39|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)) as RequestOptions & {
    readonly userVerification: string;
  };
}

/** From the sign-in page over the key's page and back, as a browser goes by itself. */
export async function signInWithKey(
  browser: TwinBrowser,
  authenticator: TestAuthenticator,
  spoilt: SpoiltAssertion = {},
): Promise<void> {
  await browser.submit();
  await browser.submit({ assertion: JSON.stringify(authenticator.prove(keyOptions(browser, 'get'), spoilt)) });
}
