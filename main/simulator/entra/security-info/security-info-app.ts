// mysignins.microsoft.com: My Security Info, the list of a person's methods and the way to add one.
import { Hono } from 'hono';
import type { User } from '../directory/directory.ts';
import { redirect } from '../sign-in/reply.ts';
import type { TwinCore } from '../twin-core.ts';
import { addAuthenticatorRoutes } from './add-authenticator-routes.ts';
import { POST_BACK_PATH, addPasskeyRoutes, passkeyNotOffered } from './add-passkey-routes.ts';
import { deleteRoutes, deletionUrl } from './delete-routes.ts';
import { PASSKEY_ROOT } from './passkey-pages.ts';
import { addPage, listPage, registerPage, type AddableMethod, type ListedMethod } from './security-info-pages.ts';
import { SiteSignIn } from './site-sign-in.ts';
import { Visits, type Visit } from './visits.ts';

export interface SecurityInfoHost {
  readonly app: Hono;
  clear(): void;
}

export function securityInfoHost(core: TwinCore): SecurityInfoHost {
  const app = new Hono();
  const signIn = new SiteSignIn(core);
  const visits = new Visits(core, signIn);
  const passkeys = addPasskeyRoutes(core, visits);
  app.get('/', () => redirect('/security-info'));
  app.get('/signin', (context) => signIn.arrive(context));
  app.get(
    '/security-info',
    visits.visited((visit) =>
      visits.page(visit, visit.text.infoTitle, listPage(visit.text, visit.visitor.user.upn, methodsOf(core, visit))),
    ),
  );
  const offered = (user: User): readonly AddableMethod[] => [
    ...(core.phones.qrAllowed(user) ? (['authenticator'] as const) : []),
    ...(passkeyNotOffered(core, user) ? [] : (['passkey'] as const)),
  ];
  app.get(
    '/security-info/add',
    visits.managing((visit) => visits.page(visit, visit.text.addTitle, addPage(visit.text, offered(visit.visitor.user), null))),
  );
  app.post(
    '/security-info/add',
    visits.managing(async ({ context, visitor }) => {
      const wanted = new URLSearchParams(await context.req.text()).get('method');
      const chosen = offered(visitor.user).find((method) => method === wanted);
      return redirect(chosen ? FIRST_PAGE[chosen] : '/security-info/add', 303);
    }),
  );
  // Where "More information required" leads: no passkey and no phone sign-in can be set up on this page, unless it is what the
  // organization asks for.
  app.get(
    '/register',
    visits.managing((visit) => {
      const { registrationCampaign } = core.directory.policy;
      const wantsKeys = registrationCampaign.state === 'enabled' && registrationCampaign.targetedAuthenticationMethod === 'fido2';
      const methods = offered(visit.visitor.user).filter((method) => method === 'authenticator' || wantsKeys);
      const back = signInAddress(visit.context.req.query('back'));
      const links = methods.map((method) => ({ method, url: FIRST_PAGE[method] }));
      return visits.page(visit, visit.text.registerTitle, registerPage(visit.text, links, back));
    }),
  );
  app.route('/security-info/authenticator', addAuthenticatorRoutes(core, visits));
  app.route(PASSKEY_ROOT, passkeys.app);
  app.route(POST_BACK_PATH, passkeys.postBack);
  app.route('/security-info/delete', deleteRoutes(core, visits));
  return {
    app,
    clear: () => {
      signIn.clear();
      passkeys.clear();
    },
  };
}

const FIRST_PAGE = { passkey: PASSKEY_ROOT, authenticator: '/security-info/authenticator/app' } as const;

function methodsOf(core: TwinCore, { visitor: { user }, text, language }: Visit): readonly ListedMethod[] {
  const ends = (ms: number): string => {
    const time = new Date(ms).toLocaleTimeString(language === 'ar' ? 'ar-u-nu-latn' : language, {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'UTC',
    });
    return text.infoPassEnds.replace('{time}', `${time} UTC`);
  };
  const pass = user.pass && core.directory.usability(user, user.pass) === 'EnabledByPolicy' ? user.pass : null;
  return [
    ...core.directory.listed(user.passkeys).map((passkey) => ({
      name: text.infoPasskey,
      detail: passkey.displayName,
      deletionUrl: deletionUrl(core, user, passkey.methodId),
    })),
    ...core.directory.listed(user.authenticators).map((app) => ({
      name: text.infoAuthenticator,
      deletionUrl: deletionUrl(core, user, app.methodId),
      detail: `${app.displayName} · ${app.phoneSignIn ? text.infoAuthenticatorSignIn : text.infoAuthenticatorPush}`,
    })),
    ...(pass ? [{ name: text.infoPass, detail: ends(pass.endsAtMs), deletionUrl: deletionUrl(core, user, pass.methodId) }] : []),
  ];
}

/** Back into the sign-in under way, and nowhere else. */
function signInAddress(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const { origin, pathname, href } = new URL(address);
  return origin === 'https://login.microsoftonline.com' && pathname.endsWith('/login/proofup') ? href : null;
}
