// Tokens as Microsoft writes them: signed by a key of the twin, ending no later than the pass they came from.
// Source: Microsoft identity platform "ID token claims reference", "Access token claims reference"; Entra "Configure
// Temporary Access Pass" for the end.
import { createHash } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import { randomToken } from '../directory/random-text.ts';
import type { AuthorizationGrant, SignInSession } from '../directory/sign-ins.ts';
import type { TwinCore } from '../twin-core.ts';
import type { Application } from './applications.ts';
import type { ScopeRequest } from './scopes.ts';

const ACCESS_TOKEN_SECONDS = 75 * 60;
const ID_TOKEN_SECONDS = 60 * 60;

export interface TokenOrder {
  readonly app: Application;
  readonly grant: AuthorizationGrant;
  readonly request: ScopeRequest;
  readonly granted: readonly string[];
}

/** The body of a token answer, without the refresh token. @throws {RangeError} when the session's user is gone. */
export async function tokenAnswer(core: TwinCore, order: TokenOrder): Promise<Record<string, unknown>> {
  const { grant, request } = order;
  const user = core.directory.get(grant.session.userId);
  const nowSeconds = Math.floor(core.time.wallMs() / 1000);
  const endSeconds = grant.session.endsAtMs === null ? Infinity : Math.floor(grant.session.endsAtMs / 1000);
  const accessEnd = Math.min(nowSeconds + ACCESS_TOKEN_SECONDS, endSeconds);
  const person = { name: user.displayName, oid: user.objectId, tid: core.tenant.tenantId, sid: grant.session.id };
  const accessToken = await sign(core, nowSeconds, accessEnd, {
    ...person,
    aud: request.resource.audience,
    iss: `https://sts.windows.net/${core.tenant.tenantId}/`,
    amr: amrOf(grant.session, grant.freshMfaAsked),
    appid: order.app.clientId,
    app_displayname: order.app.displayName,
    idtyp: 'user',
    given_name: user.givenName,
    scp: order.granted.join(' '),
    sub: pairwise(order.app.clientId, user.objectId),
    unique_name: user.upn,
    upn: user.upn,
    uti: randomToken(core.randomBytes, 16),
    ver: '1.0',
    ...(grant.challengesUnderstood ? { xms_cc: ['CP1'] } : {}),
  });
  const answer: Record<string, unknown> = {
    token_type: 'Bearer',
    scope: answeredScopes(request, order.granted),
    expires_in: accessEnd - nowSeconds,
    ext_expires_in: accessEnd - nowSeconds,
    access_token: accessToken,
    client_info: clientInfo(user.objectId, core.tenant.tenantId),
  };
  if (request.openId) {
    answer['id_token'] = await sign(core, nowSeconds, Math.min(nowSeconds + ID_TOKEN_SECONDS, endSeconds), {
      ...person,
      aud: order.app.clientId,
      iss: `https://login.microsoftonline.com/${core.tenant.tenantId}/v2.0`,
      preferred_username: user.upn,
      sub: pairwise(order.app.clientId, user.objectId),
      uti: randomToken(core.randomBytes, 16),
      ver: '2.0',
      ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    });
  }
  return answer;
}

/** Spelled as they were asked for, `.default` included: clients look for what they asked. */
function answeredScopes({ profileScopes, prefix, resourceScopes }: ScopeRequest, granted: readonly string[]): string {
  const own = resourceScopes.includes('.default') ? [...granted, '.default'] : granted;
  return [...profileScopes, ...own.map((scope) => `${prefix}${scope}`)].join(' ');
}

/** MSAL makes the account's id from it. */
export function clientInfo(objectId: string, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: objectId, utid: tenantId }), 'utf8').toString('base64url');
}

/** Claims of an access token that the twin's services look at. */
export interface AccessClaims {
  readonly objectId: string;
  readonly sessionId: string;
  readonly scopes: readonly string[];
  readonly challengesUnderstood: boolean;
}

/** Null for a token that is not ours, not for this audience, or over. */
export async function readAccessToken(core: TwinCore, token: string, audience: string): Promise<AccessClaims | null> {
  try {
    const { payload } = await jwtVerify(token, core.keys.signing.publicKey, {
      audience,
      issuer: `https://sts.windows.net/${core.tenant.tenantId}/`,
      algorithms: ['RS256'],
      currentDate: new Date(core.time.wallMs()),
    });
    const { oid, sid, scp } = payload;
    if (typeof oid !== 'string' || typeof sid !== 'string' || typeof scp !== 'string') return null;
    return { objectId: oid, sessionId: sid, scopes: scp.split(' '), challengesUnderstood: payload['xms_cc'] !== undefined };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function sign(core: TwinCore, fromSeconds: number, toSeconds: number, claims: Record<string, unknown>): Promise<string> {
  const { kid, privateKey } = core.keys.signing;
  return new SignJWT({ ...claims, iat: fromSeconds, nbf: fromSeconds, exp: toSeconds })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
    .sign(privateKey);
}

const AMR_OF_WAY = { accessPass: 'tap', phoneSignIn: 'rsa', securityKey: 'fido' } as const;

/** How the person proved who they are. */
function amrOf(session: SignInSession, freshMfaAsked: boolean): readonly string[] {
  const own = AMR_OF_WAY[session.way];
  return freshMfaAsked ? [own, 'mfa', 'ngcmfa'] : [own, 'mfa'];
}

/** Microsoft gives every application another subject for the same person. */
function pairwise(clientId: string, objectId: string): string {
  return createHash('sha256').update(`${clientId}:${objectId}`).digest('base64url');
}
