// mysignins.microsoft.com: My Security Info, the list of a person's methods and the way to add one.
import { Hono } from 'hono';
import { redirect } from '../sign-in/reply.ts';
import type { TwinCore } from '../twin-core.ts';
import { addAuthenticatorRoutes } from './add-authenticator-routes.ts';
import { addPage, listPage, type ListedMethod } from './security-info-pages.ts';
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
  app.get('/', () => redirect('/security-info'));
  app.get('/signin', (context) => signIn.arrive(context));
  app.get(
    '/security-info',
    visits.visited((visit) =>
      visits.page(visit, visit.text.infoTitle, listPage(visit.text, visit.visitor.user.upn, methodsOf(core, visit))),
    ),
  );
  app.get(
    '/security-info/add',
    visits.managing((visit) =>
      visits.page(visit, visit.text.addTitle, addPage(visit.text, core.phones.qrAllowed(visit.visitor.user), null)),
    ),
  );
  app.post(
    '/security-info/add',
    visits.managing(async ({ context, visitor }) => {
      const form = new URLSearchParams(await context.req.text());
      const chosen = form.get('method') === 'authenticator' && core.phones.qrAllowed(visitor.user);
      return redirect(chosen ? '/security-info/authenticator/app' : '/security-info/add', 303);
    }),
  );
  app.route('/security-info/authenticator', addAuthenticatorRoutes(core, visits));
  return { app, clear: () => signIn.clear() };
}

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
    ...core.directory.listed(user.passkeys).map((passkey) => ({ name: text.infoPasskey, detail: passkey.displayName })),
    ...core.directory.listed(user.authenticators).map((app) => ({
      name: text.infoAuthenticator,
      detail: `${app.displayName} · ${app.phoneSignIn ? text.infoAuthenticatorSignIn : text.infoAuthenticatorPush}`,
    })),
    ...(pass ? [{ name: text.infoPass, detail: ends(pass.endsAtMs) }] : []),
  ];
}
