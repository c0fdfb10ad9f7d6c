// mobileappcommunicator.auth.microsoft.com: where Authenticator activates itself and fetches its notifications. The host
// and the activation address are those of the real QR; the messages are the twin's own, for the real ones are private.
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Registration } from '../directory/phone-service.ts';
import type { AuthenticatorApp, User } from '../directory/directory.ts';
import type { TwinCore } from '../twin-core.ts';
import { bearer, bodyOf, phoneClaims } from './phone-request.ts';

const phoneSchema = z.strictObject({ deviceName: z.string().min(1).max(80), appVersion: z.string().min(1).max(20) });
const activationSchema = z.strictObject({ code: z.string(), ...phoneSchema.shape });
const answerSchema = z.union([
  z.strictObject({ answer: z.literal('approve'), number: z.string().max(8) }),
  z.strictObject({ answer: z.literal('deny') }),
]);

export function phoneChannelApp(core: TwinCore): Hono {
  const app = new Hono();
  const refuse = (context: Context, error: string, status: 400 | 401 | 403 | 404 = 400): Response =>
    context.json({ error }, status);
  const registered = (context: Context, { app: method, secret }: Registration, user: User): Response =>
    context.json({
      methodId: method.methodId,
      secret,
      upn: user.upn,
      tenantName: core.tenant.displayName,
      tenantId: core.tenant.tenantId,
    });

  app.post('/activatev2/:digits/:token', async (context) => {
    const body = activationSchema.safeParse(await bodyOf(context));
    if (!body.success) return refuse(context, 'malformed');
    const { origin, pathname } = new URL(context.req.url);
    const outcome = core.phones.activate(`${origin}${pathname}`, body.data.code, body.data);
    return typeof outcome === 'string' ? refuse(context, outcome) : registered(context, outcome, outcome.user);
  });

  // The in-app way: the phone's own sign-in vouches for it, no QR is involved.
  app.post('/registrations', async (context) => {
    const body = phoneSchema.safeParse(await bodyOf(context));
    if (!body.success) return refuse(context, 'malformed');
    const claims = await phoneClaims(core, context);
    const user = claims && core.directory.find(claims.objectId);
    if (!user) return refuse(context, 'notSignedIn', 401);
    const outcome = core.phones.registerSignedIn(user, body.data);
    return outcome === 'notAllowed' ? refuse(context, outcome, 403) : registered(context, outcome, user);
  });

  app.get('/notifications', (context) => {
    const holder = core.phones.holderOf(bearer(context));
    if (!holder) return refuse(context, 'unknownPhone', 401);
    const waiting = core.phones.pendingFor(holder.app).map(({ id, kind, expiresAtMs }) => ({ id, kind, expiresAtMs }));
    return context.json({ notifications: waiting });
  });
  app.post('/notifications/:id', async (context) => {
    const holder = core.phones.holderOf(bearer(context));
    if (!holder) return refuse(context, 'unknownPhone', 401);
    const body = answerSchema.safeParse(await bodyOf(context));
    if (!body.success) return refuse(context, 'malformed');
    const number = body.data.answer === 'approve' ? body.data.number : null;
    const id = context.req.param('id');
    const state = core.phones.answer(holder.app, id, number);
    if (state === 'unknown') return refuse(context, state, 404);
    const tried = state === 'approved' && core.phones.approval(id)?.kind === 'test';
    return context.json({ state, phoneSignIn: tried && startsItself(core, holder) });
  });
  return app;
}

/** The app was tried out and goes on by itself: the phone becomes a device and its key one for phone sign-in. */
function startsItself(core: TwinCore, { user, app }: { readonly user: User; readonly app: AuthenticatorApp }): boolean {
  if (!core.directory.policy.microsoftAuthenticator.phoneSignInStartsItself || !core.phones.phoneSignInAllowed(user))
    return false;
  return core.phones.enablePhoneSignIn(user, app, core.phones.registerDevice(user, app.displayName)) === 'done';
}
