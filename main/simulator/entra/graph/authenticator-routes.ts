// `/me/authentication/microsoftAuthenticatorMethods` (Microsoft Graph: microsoftAuthenticatorAuthenticationMethod).
import { Hono } from 'hono';
import type { AuthenticatorApp } from '../directory/directory.ts';
import type { TwinCore } from '../twin-core.ts';
import { graphCall, methodEntity, methodList, type GraphCall } from './graph-calls.ts';
import { authenticatorEntity, deviceEntity } from './method-entities.ts';

const NAME = 'microsoftAuthenticatorMethods';
const READ = [
  'UserAuthMethod-MicrosoftAuthApp.Read',
  'UserAuthMethod-MicrosoftAuthApp.ReadWrite',
  'UserAuthenticationMethod.Read',
  'UserAuthenticationMethod.ReadWrite',
];

export function authenticatorRoutes(core: TwinCore): Hono {
  const app = new Hono();
  const named = ({ caller, context }: GraphCall): AuthenticatorApp | null =>
    caller.user.authenticators.find(({ methodId }) => methodId === context.req.param('id')) ?? null;
  const asAsked = ({ context }: GraphCall, method: AuthenticatorApp): object => {
    const withDevice = (context.req.query('$expand') ?? '').split(',').includes('device');
    return withDevice ? { ...authenticatorEntity(method), device: deviceEntity(core, method) } : authenticatorEntity(method);
  };
  app.get(
    '/',
    graphCall(core, READ, (call) => {
      const listed = core.directory.listed(call.caller.user.authenticators);
      return methodList(
        call,
        NAME,
        listed.map((method) => asAsked(call, method)),
      );
    }),
  );
  app.get(
    '/:id',
    graphCall(core, READ, (call) => {
      const method = named(call);
      return methodEntity(call, NAME, method && asAsked(call, method));
    }),
  );
  app.get(
    '/:id/device',
    graphCall(core, READ, (call) => {
      const method = named(call);
      return methodEntity(call, `${NAME}/device`, method && deviceEntity(core, method));
    }),
  );
  return app;
}
