// The page that ends a sign-in with a number.
import { pageResponse } from '../pages/layout.ts';
import { errorPage } from '../pages/sign-in-pages.ts';
import { words, type Language, type WordKey } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import { aadsts, stsTrace, type AadstsName } from './aadsts.ts';

export function problemPage(
  core: TwinCore,
  language: Language,
  problem: AadstsName,
  correlationId: string | null,
): Promise<Response> {
  const text = words[language];
  const own = WORDS[problem];
  const title = text[own?.title ?? 'errorTitle'];
  const trace = stsTrace(core.randomBytes, core.time.wallMs(), correlationId);
  const body = errorPage(
    text,
    { title, sentence: text[own?.sentence ?? 'errorText'] },
    aadsts[problem].code,
    aadsts[problem].text,
    trace,
  );
  return pageResponse({ language, title, organization: core.tenant.displayName, body, shape: 'card' }, 400);
}

/** Problems a person can do something about, or should know whom to ask for. */
const WORDS: { readonly [Name in AadstsName]?: { readonly title: WordKey; readonly sentence: WordKey } } = {
  consentMissing: { title: 'consentTitle', sentence: 'errorText' },
  accessBlocked: { title: 'blockedTitle', sentence: 'blockedText' },
  deviceNotCompliant: { title: 'blockedTitle', sentence: 'blockedDevice' },
  deviceNotJoined: { title: 'blockedTitle', sentence: 'blockedDevice' },
  appNotApproved: { title: 'blockedTitle', sentence: 'blockedApp' },
  registrationBlocked: { title: 'notHereTitle', sentence: 'notHereText' },
  strongerSignInNeeded: { title: 'strongerTitle', sentence: 'strongerText' },
};
