// `/token`: codes, refresh tokens and client credentials against tokens (Microsoft identity platform: "OAuth 2.0 authorization
// code flow", "OAuth 2.0 client credentials flow").
import { createHash } from 'node:crypto';
import type { AuthorizationGrant } from '../directory/sign-ins.ts';
import type { TwinCore } from '../twin-core.ts';
import type { AadstsName } from './aadsts.ts';
import { applicationById, type Application } from './applications.ts';
import { ASSERTION_TYPE, checkClientAssertion } from './client-assertion.ts';
import { checkTenant } from './authorize-request.ts';
import { grantedScopes, readScopes } from './scopes.ts';
import { appTokenAnswer, tokenAnswer } from './tokens.ts';

export type TokenOutcome =
  | { readonly ok: true; readonly body: Record<string, unknown> }
  | { readonly ok: false; readonly problem: AadstsName };

const refused = (problem: AadstsName): TokenOutcome => ({ ok: false, problem });

/** Redeems what `form` offers. A code is spent even when the rest of the form is wrong, as a stolen one should be. */
export async function redeem(
  core: TwinCore,
  tenantInPath: string,
  form: URLSearchParams,
  /** From where the client asks, which signed in from there too. */
  address: string,
): Promise<TokenOutcome> {
  const grantType = form.get('grant_type');
  const clientId = form.get('client_id');
  if (!grantType || !clientId) return refused('missingParameter');
  const app = applicationById(core.tenant, clientId);
  if (!app) return refused('unknownApplication');
  const tenantProblem = checkTenant(core.tenant, tenantInPath, app);
  if (tenantProblem) return refused(tenantProblem);
  switch (grantType) {
    case 'authorization_code':
      return redeemCode(core, app, form, address);
    case 'refresh_token':
      return redeemRefreshToken(core, app, form, address);
    case 'client_credentials':
      return redeemClientCredentials(core, app, form);
    default:
      return refused('unsupportedGrant');
  }
}

/** The station's way: no person, application permissions only, `.default` as the only scope. */
async function redeemClientCredentials(core: TwinCore, app: Application, form: URLSearchParams): Promise<TokenOutcome> {
  const assertion = form.get('client_assertion');
  if (!assertion || form.get('client_assertion_type') !== ASSERTION_TYPE) return refused('secretMissing');
  const problem = await checkClientAssertion(core, app.clientId, assertion);
  if (problem) return refused(problem);
  const request = readScopes((form.get('scope') ?? '').split(' ').filter((scope) => scope !== ''));
  if (typeof request === 'string') return refused(request);
  const [scope, ...more] = request.resourceScopes;
  if (scope !== '.default' || more.length > 0 || request.openId || request.resource.name !== 'graph')
    return refused('invalidScope');
  const challengesUnderstood = /"xms_cc"\s*:.*"cp1"/i.test(form.get('claims') ?? '');
  return { ok: true, body: await appTokenAnswer(core, app, challengesUnderstood) };
}

async function redeemCode(core: TwinCore, app: Application, form: URLSearchParams, address: string): Promise<TokenOutcome> {
  const code = form.get('code');
  const redirectUri = form.get('redirect_uri');
  if (!code || !redirectUri) return refused('missingParameter');
  const taken = core.signIns.takeCode(code);
  if (taken === 'unknown') return refused('invalidGrant');
  if (taken === 'expired') return refused('expiredCode');
  if (taken === 'redeemed') return refused('redeemedCode');
  const { grant } = taken;
  if (grant.clientId !== app.clientId) return refused('invalidGrant');
  if (grant.redirectUri !== redirectUri) return refused('replyAddressMismatch');
  if (!verifierFits(grant, form.get('code_verifier'))) return refused('wrongVerifier');
  return answer(core, app, grant, grant.scopes, address);
}

async function redeemRefreshToken(
  core: TwinCore,
  app: Application,
  form: URLSearchParams,
  address: string,
): Promise<TokenOutcome> {
  const token = form.get('refresh_token');
  if (!token) return refused('missingParameter');
  const grant = core.signIns.grantOfRefreshToken(token);
  if (!grant || grant.clientId !== app.clientId) return refused('invalidGrant');
  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return answer(core, app, grant, scopes.length > 0 ? scopes : grant.scopes, address);
}

async function answer(
  core: TwinCore,
  app: Application,
  grant: AuthorizationGrant,
  scopes: readonly string[],
  address: string,
): Promise<TokenOutcome> {
  const request = readScopes(scopes);
  if (typeof request === 'string') return refused(request);
  const user = core.directory.find(grant.session.userId);
  if (!user) return refused('unknownUser');
  if (!user.accountEnabled) return refused('disabledUser');
  // Everything that came from a pass ends with it.
  if (core.signIns.hasEnded(grant.session)) return refused('passExpired');
  const granted = grantedScopes(app, request);
  if (!granted) return refused('consentMissing');
  const body = await tokenAnswer(core, { app, grant, request, granted, address });
  if (request.offlineAccess) body['refresh_token'] = core.signIns.issueRefreshToken({ ...grant, scopes });
  return { ok: true, body };
}

/** RFC 7636 §4.6. */
function verifierFits(grant: AuthorizationGrant, verifier: string | null): boolean {
  if (grant.codeChallenge === null) return verifier === null;
  if (verifier === null) return false;
  const { method, value } = grant.codeChallenge;
  return value === (method === 'plain' ? verifier : createHash('sha256').update(verifier, 'ascii').digest('base64url'));
}
