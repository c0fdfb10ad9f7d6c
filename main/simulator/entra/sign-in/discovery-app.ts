// What clients read before they ask: OpenID configuration, signing keys, instance discovery.
import { Hono } from 'hono';
import type { TwinCore } from '../twin-core.ts';

const HOST = 'https://login.microsoftonline.com';

export function discoveryApp(core: TwinCore): Hono {
  const app = new Hono();
  const { tenantId, domain } = core.tenant;
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) => {
    const wanted = context.req.param('tenant').toLowerCase();
    const alias = wanted === 'common' || wanted === 'organizations';
    if (!alias && wanted !== tenantId && wanted !== domain.toLowerCase()) {
      return context.json(
        { error: 'invalid_tenant', error_description: 'AADSTS90002: No directory of that name was found.', error_codes: [90002] },
        400,
      );
    }
    const root = `${HOST}/${alias ? wanted : tenantId}`;
    return context.json({
      issuer: `${HOST}/${alias ? '{tenantid}' : tenantId}/v2.0`,
      authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
      token_endpoint: `${root}/oauth2/v2.0/token`,
      end_session_endpoint: `${root}/oauth2/v2.0/logout`,
      jwks_uri: `${root}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      tenant_region_scope: 'EU',
      cloud_instance_name: 'microsoftonline.com',
      msgraph_host: 'graph.microsoft.com',
    });
  });
  app.get('/:tenant/discovery/v2.0/keys', (context) => context.json({ keys: [core.keys.signing.publicJwk] }));
  app.get('/common/discovery/instance', (context) =>
    context.json({
      tenant_discovery_endpoint: `${HOST}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [
        {
          preferred_network: 'login.microsoftonline.com',
          preferred_cache: 'login.windows.net',
          aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
        },
      ],
    }),
  );
  return app;
}
