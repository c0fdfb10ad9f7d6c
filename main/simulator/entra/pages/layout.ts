// The frame around every page of the twin: the structure of Microsoft's pages, a look of our own, and a violet line at
// the foot that says so. Styles and scripts come from the content host only, as the security policy of these pages asks.
import { html } from 'hono/html';
import { directionOf } from './language.ts';
import { words, type Language, type Words } from './words.ts';

export type Markup = ReturnType<typeof html>;

export interface PageFrame {
  readonly language: Language;
  readonly title: string;
  /** The organization's name, where its logo would be. */
  readonly organization: string;
  readonly body: Markup;
  /** `card`: the sign-in box. `sheet`: My Security Info. */
  readonly shape: 'card' | 'sheet';
  /** A script besides the one of all pages, by its name at the content host. */
  readonly script?: 'key.js';
  /** Where the page goes on to by itself. */
  readonly goesTo?: string;
}

export const CONTENT_HOST = 'aadcdn.msftauth.net';
const CONTENT_ROOT = `https://${CONTENT_HOST}/training/`;

/**
 * `form-action` also governs where a submitted form may be redirected, so it names every place a sign-in can end.
 */
export const PAGE_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src https://${CONTENT_HOST}`,
  `style-src https://${CONTENT_HOST}`,
  `font-src https://${CONTENT_HOST}`,
  "connect-src 'self'",
  "form-action 'self' https://login.microsoftonline.com https://login.microsoft.com https://mysignins.microsoft.com http://localhost:*",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export async function pageResponse(frame: PageFrame, status = 200): Promise<Response> {
  const text = (await document(frame)).toString();
  return new Response(`<!doctype html>\n${text}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': frame.language,
      'content-security-policy': PAGE_SECURITY_POLICY,
      'cache-control': 'no-store, no-cache',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  });
}

function document({ language, title, organization, body, shape, script, goesTo }: PageFrame): Markup {
  return html`<html lang="${language}" dir="${directionOf(language)}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      ${goesTo ? html`<meta http-equiv="refresh" content="1;url=${goesTo}" />` : ''}
      <link rel="stylesheet" href="${CONTENT_ROOT}page.css" />
      <script src="${CONTENT_ROOT}page.js" defer></script>
      ${script ? html`<script src="${CONTENT_ROOT}${script}" defer></script>` : ''}
    </head>
    <body class="${shape}">
      <main>
        <p class="organization"><span class="mark" aria-hidden="true"></span>${organization}</p>
        ${body}
      </main>
      <footer><span class="training">${words[language].trainingCopy}</span></footer>
    </body>
  </html>`;
}

/** A problem as the pages show one: the sentence, and the number in small print. */
export interface ShownProblem {
  readonly text: string;
  readonly aadsts: number | null;
  /** A number that is not one of the sign-in service. */
  readonly code?: number | null;
}

/** The live region is always there, so that what appears in it is read out. */
export function problemBox(problem: ShownProblem | null, text: Words): Markup {
  return html`<div class="problem" id="problem" role="alert" ${problem?.aadsts ? html`data-aadsts="${problem.aadsts}"` : ''}>
    ${problem ? html`<p>${problem.text}</p>` : ''}
    ${problem?.code ? html`<p class="small">${text.errorNumber}: <bdi data-code="${problem.code}">${problem.code}</bdi></p>` : ''}
    ${problem?.aadsts ? html`<p class="small">${text.errorNumber}: <bdi>AADSTS${problem.aadsts}</bdi></p>` : ''}
  </div>`;
}
