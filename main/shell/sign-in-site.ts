// Where the sign-in view may go, and what may stand in for the network behind it.
import type { Cloud } from '../../contract/clouds.ts';
import type { PageCredential } from '../../contract/page-key.ts';
import type { MadeCredential } from '../ports/key.ts';
import type { Settings } from '../ports/settings.ts';

/** Host names, lower case; `*.example.com` covers every name below example.com, not example.com itself. */
interface HostsOfCloud {
  /** May be navigated to and framed. */
  readonly documents: readonly string[];
  /** May only be loaded from within an allowed document. */
  readonly content: readonly string[];
}

export interface SignInHosts extends HostsOfCloud {
  /** Where Microsoft asks for more before it lets anybody on: addresses without a query, each with everything below it. */
  readonly interruptPages: readonly string[];
}

/** Answers every https request of one stay, and keeps its cookies. */
export interface SignInSite {
  handle(request: Request): Promise<Response>;
  /** Forgets cookies and all; resolves with the names of what is still there. */
  forget(): Promise<readonly string[]>;
}

/** Where a page may ask for a key or sign in with one, and how it is told of a new credential. */
export interface PasskeyPages {
  /** The relying party: the one host whose pages may ask. */
  readonly rpId: string;
  /** Hosts that lead there: they find passkeys offered, but get none. */
  readonly offeredOn: readonly string[];
  readonly credentialFor: (made: MadeCredential) => Promise<PageCredential>;
}

/**
 * The public cloud. Left out on purpose, though sign-in pages link there: personal accounts (login.live.com), password
 * reset, terms and privacy pages, and federated identity providers; a valid pass needs none of them.
 * Source: Microsoft Entra, "Allow the Azure portal URLs on your firewall or proxy server" (authentication hosts), and
 * "Temporary Access Pass" (no redirect to a federated provider).
 */
export const publicCloudHosts: SignInHosts = {
  documents: ['login.microsoftonline.com', 'login.microsoft.com', 'mysignins.microsoft.com'],
  content: [
    'aadcdn.msftauth.net',
    '*.aadcdn.msftauth.net',
    'logincdn.msftauth.net',
    '*.msauth.net',
    // Pictures of the organization's own branding
    '*.msauthimages.net',
    '*.msftauthimages.net',
    'account.activedirectory.windowsazure.com',
  ],
  interruptPages: ['https://mysignins.microsoft.com/register'],
};

/** Azure Government, for both of its Graph roots; the same kinds of hosts are left out. */
const governmentHosts: HostsOfCloud = {
  documents: ['login.microsoftonline.us', 'login.microsoft.us', 'mysignins.azure.us'],
  content: ['*.msauth.net', '*.msidentity.us', '*.microsoftonline.us'],
};

/** Source: as above, the lists of the other clouds. */
const hostsOfClouds: Readonly<Record<Cloud, HostsOfCloud>> = {
  global: publicCloudHosts,
  usGovL4: governmentHosts,
  usGovL5: governmentHosts,
  china: {
    documents: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn', 'mysignins.azure.cn'],
    content: ['aadcdn.msauth.cn', 'aadcdn.msftauth.cn', '*.msidentity.cn', '*.microsoftonline.cn'],
  },
};

export type PlacesGiven = Pick<Settings, 'cloud' | 'authorityHost' | 'securityInfoUrl' | 'interruptPages'>;

/** What the sign-in view of the field may load: the cloud's own hosts, and those an administrator gave instead. */
export function signInHosts(settings: PlacesGiven): SignInHosts {
  const { documents, content } = hostsOfClouds[settings.cloud];
  const { authorityHost, securityInfoUrl, interruptPages } = settings;
  const given = [authorityHost, ...[securityInfoUrl, ...interruptPages].map((url) => new URL(url).hostname)];
  return { documents: [...new Set([...documents, ...given])], content, interruptPages };
}
