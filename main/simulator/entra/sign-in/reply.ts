// Sending the answer of `/authorize` back to the application (OAuth 2.0 Multiple Response Type Encoding; Form Post
// Response Mode).
import { formPostPage } from '../pages/sign-in-pages.ts';
import { pageResponse } from '../pages/layout.ts';
import { words, type Language } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import { aadsts, errorDescription, type AadstsName, type StsTrace } from './aadsts.ts';
import type { ReplyTo } from './authorize-request.ts';

export async function reply(core: TwinCore, to: ReplyTo, language: Language, fields: Record<string, string>): Promise<Response> {
  const all = { ...fields, ...(to.state === null ? {} : { state: to.state }) };
  switch (to.responseMode) {
    case 'form_post': {
      const text = words[language];
      const body = formPostPage(text, to.redirectUri, Object.entries(all));
      return pageResponse({ language, title: text.sendingTitle, organization: core.tenant.displayName, body, shape: 'card' });
    }
    case 'query':
      return redirect(`${to.redirectUri}${to.redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(all).toString()}`);
    case 'fragment':
      return redirect(`${to.redirectUri}#${new URLSearchParams(all).toString()}`);
    default:
      return to.responseMode satisfies never;
  }
}

export function replyProblem(
  core: TwinCore,
  to: ReplyTo,
  language: Language,
  problem: AadstsName,
  trace: StsTrace,
): Promise<Response> {
  return reply(core, to, language, {
    error: aadsts[problem].error,
    error_description: errorDescription(problem, trace),
    error_uri: `https://login.microsoftonline.com/error?code=${aadsts[problem].code}`,
  });
}

/** `303` after a form, so that a reload asks again and sends nothing twice. */
export function redirect(location: string, status: 302 | 303 = 302): Response {
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store, no-cache' } });
}
