// The pages of My Security Info: the list of methods, and adding Microsoft Authenticator step by step.
import { html, raw } from 'hono/html';
import { encodeQR } from 'qr';
import { problemBox, type Markup, type ShownProblem } from '../pages/layout.ts';
import type { Words } from '../pages/words.ts';

export interface ListedMethod {
  readonly name: string;
  readonly detail: string;
  /** Null: not to be deleted here. */
  readonly deletionUrl: string | null;
}

export function listPage(text: Words, userName: string, methods: readonly ListedMethod[]): Markup {
  const items = methods.map(
    (method) =>
      html`<li>
        <p><strong>${method.name}</strong></p>
        <p class="small"><bdi>${method.detail}</bdi></p>
        ${
          method.deletionUrl === null
            ? ''
            : html`<p>
                <a href="${method.deletionUrl}" aria-label="${text.infoDelete}: ${method.name}, ${method.detail}"
                  >${text.infoDelete}</a
                >
              </p>`
        }
      </li>`,
  );
  return html`<p class="person"><bdi>${userName}</bdi></p>
    <h1>${text.infoTitle}</h1>
    <p>${text.infoText}</p>
    <p><a class="button" href="/security-info/add">${text.infoAdd}</a></p>
    ${
      methods.length > 0
        ? html`<ul class="methods">
            ${items}
          </ul>`
        : html`<p>${text.infoNone}</p>`
    }`;
}

/** Registering in the middle of a sign-in. */
export function registerPage(
  text: Words,
  methods: readonly { readonly method: AddableMethod; readonly url: string }[],
  back: string | null,
): Markup {
  const label = { passkey: text.addPasskey, authenticator: text.addAuthenticator };
  return html`<h1>${text.registerTitle}</h1>
    <p>${methods.length > 0 ? text.registerText : text.registerNothing}</p>
    <ul class="ways">
      ${methods.map(({ method, url }) => html`<li><a class="button second" href="${url}">${label[method]}</a></li>`)}
    </ul>
    ${back === null ? '' : html`<div class="actions"><a class="button" href="${back}">${text.registerBack}</a></div>`}`;
}

export type AddableMethod = 'passkey' | 'authenticator';

export function addPage(text: Words, offered: readonly AddableMethod[], problem: ShownProblem | null): Markup {
  const label = {
    passkey: [text.addPasskey, text.addPasskeyText],
    authenticator: [text.addAuthenticator, text.addAuthenticatorText],
  } as const;
  const choice = html`<p>${text.addText}</p>
    <form method="post" action="/security-info/add">
      <ul class="ways">
        ${offered.map(
          (method) =>
            html`<li>
              <button type="submit" name="method" value="${method}" class="way">
                <span>${label[method][0]}</span><span class="small">${label[method][1]}</span>
              </button>
            </li>`,
        )}
      </ul>
    </form>`;
  return html`<h1>${text.addTitle}</h1>
    ${problemBox(problem, text)} ${offered.length > 0 ? choice : html`<p>${text.addNothing}</p>`}
    <p><a href="/security-info">${text.cancel}</a></p>`;
}

export function appPage(text: Words): Markup {
  return html`<h1>${text.appTitle}</h1>
    <form method="post" action="/security-info/authenticator/start">
      <p>${text.appText}</p>
      <div class="actions">
        <a class="button second" href="/security-info/add">${text.back}</a>
        <button type="submit" autofocus>${text.next}</button>
      </div>
    </form>`;
}

export interface ScanPage {
  readonly id: string;
  /** What the QR says. */
  readonly content: string;
  readonly code: string;
  readonly url: string;
  readonly state: 'waiting' | 'activated' | 'expired';
  readonly problem: ShownProblem | null;
}

export function scanPage(text: Words, page: ScanPage): Markup {
  const state = page.state === 'activated' ? text.scanDone : text.scanWaiting;
  return html`<div class="scan">
    <h1>${text.scanTitle}</h1>
    <form method="post" action="/security-info/authenticator/scanned">
      <input type="hidden" name="id" value="${page.id}" />
      <p>${text.scanText}</p>
      ${problemBox(page.problem, text)} ${qrPicture(page.content, text.scanPicture)}
      <details>
        <summary>${text.scanAlternative}</summary>
        <p>${text.scanCode}: <code dir="ltr">${page.code}</code></p>
        <p>${text.scanUrl}: <code dir="ltr">${page.url}</code></p>
      </details>
      <div class="actions">
        <a class="button second" href="/security-info/authenticator/app">${text.back}</a>
        <p
          class="scan-state"
          role="status"
          data-poll-status="/security-info/authenticator/state?id=${page.id}"
          data-good="activated"
          data-good-text="${text.scanDone}"
        >
          ${state}
        </p>
        <button type="submit">${text.next}</button>
      </div>
    </form>
  </div>`;
}

export interface TryPage {
  readonly id: string;
  /** Null once the request is over. */
  readonly number: string | null;
  readonly approved: boolean;
  readonly problem: ShownProblem | null;
}

export function tryPage(text: Words, page: TryPage): Markup {
  const waiting = html`<p id="instruction">${text.tryText}</p>
    <p class="number" aria-describedby="instruction"><bdi>${page.number}</bdi></p>
    <p
      role="status"
      data-poll-status="/security-info/authenticator/try/state?id=${page.id}"
      data-good="approved"
      data-good-text="${text.tryApproved}"
    >
      ${text.approveWaiting}
    </p>
    <div class="actions"><button type="submit">${text.next}</button></div>`;
  const approved = html`<p role="status">${text.tryApproved}</p>
    <div class="actions"><button type="submit" autofocus>${text.next}</button></div>`;
  const over = html`<div class="actions">
    <button type="submit" name="again" value="1" autofocus>${text.approveAgain}</button>
  </div>`;
  return html`<h1>${text.tryTitle}</h1>
    <form method="post" action="/security-info/authenticator/tried">
      <input type="hidden" name="id" value="${page.id}" />
      ${problemBox(page.problem, text)} ${page.approved ? approved : page.number === null ? over : waiting}
    </form>`;
}

export function addedPage(text: Words): Markup {
  return html`<h1>${text.addedTitle}</h1>
    <p>${text.addedText}</p>
    <div class="actions"><a class="button" href="/security-info">${text.done}</a></div>`;
}

/** One path over a white ground. Two modules of border and the white page around it make the quiet zone of four. */
function qrPicture(content: string, label: string): Markup {
  const modules = encodeQR(content, 'raw', { ecc: 'medium', border: 2 });
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const size = modules.length;
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${raw(path)}" fill="#000" />
  </svg>`;
}
