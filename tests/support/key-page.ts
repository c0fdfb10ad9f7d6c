// A page of the twin that talks to a security key, read as its script reads it, and answered as its script would.
import type { TestAuthenticator, RequestOptions, Spoilt, SpoiltAssertion } from './test-authenticator.ts';
import type { TwinBrowser } from './twin-browser.ts';

export interface AskedToCreate {
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string; readonly name: string };
  readonly challenge: string;
  readonly excludeCredentials: readonly { readonly id: string }[];
}

const ENTITIES: Readonly<Record<string, string>> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** The members of `publicKey` on the page. */
export function keyOptions(browser: TwinBrowser, kind: 'get'): RequestOptions & { readonly userVerification: string };
export function keyOptions(browser: TwinBrowser, kind: 'create'): AskedToCreate;
export function keyOptions(browser: TwinBrowser, kind: 'get' | 'create'): object {
  const found = new RegExp(`data-key="${kind}"\\s+data-options="([^"]*)"`).exec(browser.page)?.[1];
  if (found === undefined) throw new Error(`no page for a security key (${kind}) at ${browser.url}`);
  return JSON.parse(found.replaceAll(/&(?:quot|#39|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)) as object;
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

/** Answers the page that adds a key. */
export async function createOnPage(browser: TwinBrowser, authenticator: TestAuthenticator, spoilt: Spoilt = {}): Promise<void> {
  const { id, response } = authenticator.make({ publicKey: keyOptions(browser, 'create') }, spoilt).body.publicKeyCredential;
  await browser.submit({
    credentialId: id,
    clientDataJson: response.clientDataJSON,
    attestationObject: response.attestationObject,
    clientExtensionResults: Buffer.from('{}').toString('base64url'),
    authenticator: 'cross-platform',
    transports: 'usb',
  });
}
