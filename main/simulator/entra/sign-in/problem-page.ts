// The page that ends a sign-in with a number.
import { pageResponse } from '../pages/layout.ts';
import { errorPage } from '../pages/sign-in-pages.ts';
import { words, type Language } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import { aadsts, stsTrace, type AadstsName } from './aadsts.ts';

export function problemPage(
  core: TwinCore,
  language: Language,
  problem: AadstsName,
  correlationId: string | null,
): Promise<Response> {
  const text = words[language];
  const title = problem === 'consentMissing' ? text.consentTitle : text.errorTitle;
  const trace = stsTrace(core.randomBytes, core.time.wallMs(), correlationId);
  const body = errorPage(text, title, aadsts[problem].code, aadsts[problem].text, trace);
  return pageResponse({ language, title, organization: core.tenant.displayName, body, shape: 'card' }, 400);
}
