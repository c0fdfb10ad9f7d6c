// enterpriseregistration.windows.net: a phone becomes a device of the tenant, and then a key for phone sign-in. The host
// and the two paths are those of Microsoft's device registration service; the messages are the twin's own.
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { User } from '../directory/directory.ts';
import { admitDevice, circumstancesOf } from '../sign-in/access-gate.ts';
import type { TwinCore } from '../twin-core.ts';
import { bodyOf, phoneClaims } from './phone-request.ts';

const deviceSchema = z.strictObject({ displayName: z.string().min(1).max(80) });
const keySchema = z.strictObject({ deviceId: z.string(), methodId: z.string() });

export function deviceRegistrationApp(core: TwinCore): Hono {
  const app = new Hono();
  const refuse = (context: Context, error: string, status: 400 | 401 | 403 = 400): Response => context.json({ error }, status);

  /** Who is signed in on the phone, if the sign-in is recent enough to add a method. */
  const signedIn = async (context: Context): Promise<User | 'notSignedIn' | 'stale' | 'windowOver' | 'blocked'> => {
    const claims = await phoneClaims(core, context);
    const user = claims && core.directory.find(claims.objectId);
    const session = claims && core.signIns.find(claims.sessionId);
    if (!user || !session) return 'notSignedIn';
    const may = core.signIns.mayManageMethods(session, core.directory.policy.signIn);
    if (may !== 'yes') return may;
    // It is the phone's place that counts here, not the desk's.
    return admitDevice(core, session, user, circumstancesOf(core, context.req.raw)) ? user : 'blocked';
  };

  app.post('/EnrollmentServer/device', async (context) => {
    const user = await signedIn(context);
    if (typeof user === 'string') return refuse(context, user, 401);
    const body = deviceSchema.safeParse(await bodyOf(context));
    if (!body.success) return refuse(context, 'malformed');
    return context.json({ deviceId: core.phones.registerDevice(user, body.data.displayName) });
  });
  app.post('/EnrollmentServer/key', async (context) => {
    const user = await signedIn(context);
    if (typeof user === 'string') return refuse(context, user, 401);
    const body = keySchema.safeParse(await bodyOf(context));
    if (!body.success) return refuse(context, 'malformed');
    const method = user.authenticators.find((candidate) => candidate.methodId === body.data.methodId);
    if (!method) return refuse(context, 'methodUnknown');
    const outcome = core.phones.enablePhoneSignIn(user, method, body.data.deviceId);
    return outcome === 'done'
      ? context.json({ methodId: method.methodId })
      : refuse(context, outcome, outcome === 'notAllowed' ? 403 : 400);
  });
  return app;
}
