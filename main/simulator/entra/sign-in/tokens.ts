// Tokens as Microsoft writes them: signed by a key of the twin, ending no later than the pass they came from.
// Source: Microsoft identity platform "ID token claims reference", "Access token claims reference"; Entra "Configure
// Temporary Access Pass" for the end.
import { createHash } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { randomToken } from '../directory/random-text.ts';
import type { AuthorizationGrant, SignInSession } from '../directory/sign-ins.ts';
import type { TwinCore } from '../twin-core.ts';
import type { Application } from './applications.ts';
import type { ScopeRequest } from './scopes.ts';

const ACCESS_TOKEN_SECONDS = 75 * 60;
const ID_TOKEN_SECONDS = 60 * 60;
const APP_TOKEN_SECONDS = 3_599;
/** What `wids` holds for everybody and for every application, whatever roles they have. */
const EVERY_USER = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
const EVERY_APP = '0997a1d0-0d1d-4acb-b408-d5ca73121e90';

export interface TokenOrder {
  readonly app: Application;
  readonly grant: AuthorizationGrant;
  readonly request: ScopeRequest;
  readonly granted: readonly string[];
  /** From where the client asks. */
  readonly address: string;
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
    wids: [...user.roleIds, EVERY_USER],
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
      ...(order.app.idTokenAddress === true ? { ipaddr: order.address } : {}),
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

/** An application's own token: application permissions as `roles`, no person. */
export async function appTokenAnswer(
  core: TwinCore,
  app: Application,
  challengesUnderstood: boolean,
): Promise<Record<string, unknown>> {
  const nowSeconds = Math.floor(core.time.wallMs() / 1000);
  const objectId = servicePrincipalId(app.clientId);
  const accessToken = await sign(core, nowSeconds, nowSeconds + APP_TOKEN_SECONDS, {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${core.tenant.tenantId}/`,
    app_displayname: app.displayName,
    appid: app.clientId,
    appidacr: '2',
    idtyp: 'app',
    oid: objectId,
    roles: app.graphRoles,
    sub: objectId,
    tid: core.tenant.tenantId,
    uti: randomToken(core.randomBytes, 16),
    ver: '1.0',
    wids: [EVERY_APP],
    ...(challengesUnderstood ? { xms_cc: ['CP1'] } : {}),
  });
  return {
    token_type: 'Bearer',
    expires_in: APP_TOKEN_SECONDS,
    ext_expires_in: APP_TOKEN_SECONDS,
    access_token: accessToken,
  };
}

/** A GUID of its own for each application, the same every time. */
export function servicePrincipalId(clientId: string): string {
  const hex = createHash('sha256').update(`service principal ${clientId.toLowerCase()}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** Claims of a person's access token that the twin's services look at. */
export interface AccessClaims {
  readonly objectId: string;
  readonly sessionId: string;
  readonly scopes: readonly string[];
  readonly challengesUnderstood: boolean;
  readonly appId: string;
  readonly issuedAtMs: number;
}

/** Claims of an application's own access token. */
export interface AppClaims {
  readonly appId: string;
  readonly roles: readonly string[];
}

const tokenSchema = z.object({
  appid: z.string(),
  iat: z.number(),
  idtyp: z.enum(['user', 'app']),
  oid: z.string(),
  sid: z.string().optional(),
  scp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  xms_cc: z.array(z.string()).optional(),
});

/** Null for a token that is not a person's, not ours, not for this audience, or over. */
export async function readAccessToken(core: TwinCore, token: string, audience: string): Promise<AccessClaims | null> {
  const claims = await readAnyToken(core, token, audience);
  return claims?.kind === 'person' ? claims : null;
}

export type TokenClaims = (AccessClaims & { readonly kind: 'person' }) | (AppClaims & { readonly kind: 'app' });

/** Null for a token that is not ours, not for this audience, or over. */
export async function readAnyToken(core: TwinCore, token: string, audience: string): Promise<TokenClaims | null> {
  try {
    const { payload } = await jwtVerify(token, core.keys.signing.publicKey, {
      audience,
      issuer: `https://sts.windows.net/${core.tenant.tenantId}/`,
      algorithms: ['RS256'],
      currentDate: new Date(core.time.wallMs()),
    });
    const claims = tokenSchema.safeParse(payload).data;
    if (!claims) return null;
    const { appid: appId, oid: objectId, sid: sessionId, scp, roles, iat } = claims;
    if (claims.idtyp === 'app') return { kind: 'app', appId, roles: roles ?? [] };
    if (sessionId === undefined || scp === undefined) return null;
    const challengesUnderstood = claims.xms_cc !== undefined;
    return { kind: 'person', objectId, sessionId, scopes: scp.split(' '), challengesUnderstood, appId, issuedAtMs: iat * 1000 };
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
