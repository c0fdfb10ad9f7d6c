// Where a person is on Microsoft's page, told from addresses only: what a page says about itself is never believed.
// Sources: Microsoft identity platform, "OAuth 2.0 authorization code flow" (authorize); the other addresses are those that
// browsers are seen to use on login.microsoftonline.com and mysignins.microsoft.com. The practice site keeps to the same ones.
import type { PagePlace } from '../../ports/page.ts';
import { parseAddress } from '../address.ts';

export interface PageRequest {
  readonly method: string;
  readonly url: string;
}

interface PlaceRow {
  /** `document`: the page that stands now was loaded so. `request`: the page asked for it in passing. */
  readonly seen: 'document' | 'request';
  readonly host: RegExp;
  readonly method?: 'GET' | 'POST';
  /** Compared with the lower-case path. */
  readonly path: RegExp;
  readonly place: PagePlace;
  /** Where the person really is when the page that came shows an AADSTS number. */
  readonly whenRefused?: PagePlace;
}

const signIn = /^login\.microsoft(online)?\.com$/;
const securityInfo = /^mysignins\.microsoft\.com$/;

const rows: readonly PlaceRow[] = [
  { seen: 'document', host: signIn, path: /^\/[^/]+\/oauth2\/v2\.0\/authorize$/, place: 'name' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/name$/, place: 'name' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/pass$/, place: 'pass' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/approve$/, place: 'approve' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/key$/, place: 'key' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/fido\/get$/, place: 'key' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/fido\/create$/, place: 'addingWay' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/choose$/, place: 'choose' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/password$/, place: 'password' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/elsewhere$/, place: 'elsewhere' },
  // The pass was sent off: what comes is "Stay signed in?", or the same page again with a number.
  { seen: 'document', host: signIn, method: 'POST', path: /^\/[^/]+\/login$/, place: 'stay', whenRefused: 'pass' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/appverify$/, place: 'approve' },
  // The phone has answered, and the page goes on with that.
  { seen: 'document', host: signIn, method: 'POST', path: /^\/[^/]+\/sas\/processauth$/, place: 'stay', whenRefused: 'approve' },
  { seen: 'document', host: signIn, path: /^\/[^/]+\/login\/proofup$/, place: 'moreAsked' },
  { seen: 'document', host: signIn, path: /^\/kmsi$/, place: 'stay' },
  // The page asks what the name it was given can sign in with, and then for that.
  { seen: 'request', host: signIn, method: 'POST', path: /^\/[^/]+\/getcredentialtype$/, place: 'pass' },
  { seen: 'request', host: signIn, method: 'POST', path: /^\/[^/]+\/sas\/(beginauth|endauth)$/, place: 'approve' },
  { seen: 'document', host: securityInfo, path: /^\/security-info\/?$/, place: 'securityInfo' },
  { seen: 'document', host: securityInfo, path: /^\/security-info\/./, place: 'addingWay' },
];

/** What is known of the document that stands now, beside how it was asked for. */
export interface Standing {
  /** It shows an AADSTS number. */
  readonly refused: boolean;
  /** Addresses without a query under which Microsoft asks for more, each with everything below it. */
  readonly interruptPages: readonly string[];
}

/** The place of the document that stands now. */
export function placeOfDocument(request: PageRequest, { refused, interruptPages }: Standing): PagePlace | null {
  if (interruptPages.some((page) => isUnder(request.url, page))) return 'moreAsked';
  const row = rowOf('document', request);
  return row ? ((refused ? row.whenRefused : undefined) ?? row.place) : null;
}

function isUnder(url: string, page: string): boolean {
  const address = parseAddress(url);
  const { origin, pathname } = new URL(page);
  const whole = pathname.replace(/\/$/, '').toLowerCase();
  return (
    address?.origin === origin &&
    (address.pathname.toLowerCase() === whole || address.pathname.toLowerCase().startsWith(`${whole}/`))
  );
}

/** The place a request in passing tells of. */
export function placeOfRequest(request: PageRequest): PagePlace | null {
  return rowOf('request', request)?.place ?? null;
}

function rowOf(seen: PlaceRow['seen'], request: PageRequest): PlaceRow | null {
  const address = parseAddress(request.url);
  if (!address) return null;
  const path = address.pathname.toLowerCase();
  const found = rows.find(
    (row) =>
      row.seen === seen &&
      (row.method === undefined || row.method === request.method) &&
      row.host.test(address.hostname) &&
      row.path.test(path),
  );
  return found ?? null;
}
