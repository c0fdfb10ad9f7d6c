// login.microsoft.com/<tenant>/fido/*: the two pages on the relying party's own host, where a security key signs in or is
// added. Both are opened by a form of another host and send what the key said back to it; they decide nothing themselves.
import { Hono, type Context } from 'hono';
import { encodeBase64url } from '../../../fido/bytes/base64url.ts';
import { CREATION_RULES, RP_ID } from '../graph/creation-options.ts';
import { languageOf } from '../pages/language.ts';
import { pageResponse, type Markup } from '../pages/layout.ts';
import { words, type Language } from '../pages/words.ts';
import type { AadstsName } from '../sign-in/aadsts.ts';
import { problemPage } from '../sign-in/problem-page.ts';
import type { TwinCore } from '../twin-core.ts';
import { keyPage } from './fido-markup.ts';

const SIGN_IN_HOST = 'login.microsoftonline.com';
const SECURITY_INFO_HOST = 'mysignins.microsoft.com';
const GET_TIMEOUT_MS = 60_000;

export function fidoApp(core: TwinCore): Hono {
  const app = new Hono();

  type Sight = { readonly language: Language; readonly title: string; readonly body: Markup } | AadstsName;
  const shown =
    (see: (form: URLSearchParams, language: Language) => Sight) =>
    async (context: Context): Promise<Response> => {
      // Its other names serve the same pages, but a key answers to the relying party's host only.
      if (new URL(context.req.url).hostname !== RP_ID) return context.notFound();
      const form = new URLSearchParams(await context.req.text());
      const language = languageOf(context.req.query('mkt') ?? context.req.header('accept-language') ?? null);
      const sight = see(form, language);
      if (typeof sight === 'string') return problemPage(core, language, sight, form.get('correlationId'));
      return pageResponse({ ...sight, organization: core.tenant.displayName, shape: 'card', script: 'key.js' });
    };

  app.post(
    '/:tenant/fido/get',
    shown((form, language) => {
      const postBackUrl = addressOn(SIGN_IN_HOST, form.get('postBackUrl'));
      if (postBackUrl === null) return 'keyPostBackUrl';
      const cancelUrl = addressOn(SIGN_IN_HOST, form.get('cancelUrl'));
      if (cancelUrl === null) return 'keyCancelUrl';
      const text = words[language];
      const allowed = (form.get('credentialsJson') ?? '').split(',').filter((id) => id !== '');
      const body = keyPage({
        text,
        title: text.keyTitle,
        instruction: text.keyText,
        userName: form.get('username') ?? '',
        kind: 'get',
        options: {
          challenge: encodeBase64url(Buffer.from(form.get('ServerChallenge') ?? '', 'ascii')),
          rpId: RP_ID,
          timeout: GET_TIMEOUT_MS,
          userVerification: 'required',
          allowCredentials: allowed.map((id) => ({ type: 'public-key', id })),
        },
        postBackUrl,
        fields: { type: '23', ps: '23', ctx: form.get('ctx') ?? '' },
        filled: ['assertion'],
        leave: { url: cancelUrl, label: text.otherWays },
      });
      return { language, title: text.keyTitle, body };
    }),
  );

  app.post(
    '/:tenant/fido/create',
    shown((form, language) => {
      const postBackUrl = addressOn(SECURITY_INFO_HOST, form.get('postBackUrl'));
      if (postBackUrl === null) return 'keyPostBackUrl';
      const excluded = listOrNull(form.get('ExcludeNextGenCredentialsJSON') ?? '');
      if (excluded === null) return 'keyExcludeList';
      const text = words[language];
      const body = keyPage({
        text,
        title: text.newKeyTitle,
        instruction: text.newKeyText,
        userName: form.get('memberName') ?? '',
        kind: 'create',
        options: {
          ...CREATION_RULES,
          // Not Graph's: browsers refuse a credential protection that is enforced and optional at once, and the answers of the
          // service's own page were seen with this one.
          extensions: { hmacCreateSecret: true },
          user: {
            id: form.get('userId') ?? '',
            name: form.get('memberName') ?? '',
            displayName: form.get('userDisplayName') ?? '',
          },
          challenge: encodeBase64url(Buffer.from(form.get('serverChallenge') ?? '', 'ascii')),
          excludeCredentials: excluded.map((id) => ({ type: 'public-key', id })),
        },
        postBackUrl,
        fields: { canary: form.get('canary') ?? '' },
        filled: [
          'credentialId',
          'clientDataJson',
          'attestationObject',
          'clientExtensionResults',
          'authenticator',
          'transports',
          'error_code',
        ],
        leave: null,
      });
      return { language, title: text.newKeyTitle, body };
    }),
  );
  return app;
}

/** The address, if it is one of this host: these pages send people and keys' answers nowhere else. */
function addressOn(host: string, address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const { protocol, host: found, href } = new URL(address);
  return protocol === 'https:' && found === host ? href : null;
}

function listOrNull(json: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : null;
  } catch {
    return null;
  }
}
