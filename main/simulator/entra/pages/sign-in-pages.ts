// The pages of login.microsoftonline.com: who you are, your pass, your phone, stay signed in, and what went wrong.
import { html } from 'hono/html';
import type { StsTrace } from '../sign-in/aadsts.ts';
import { problemBox, type Markup, type ShownProblem } from './layout.ts';
import type { Words } from './words.ts';

export interface StepPage {
  readonly text: Words;
  /** Address that takes the form. */
  readonly action: string;
  /** Names the sign-in under way. */
  readonly ctx: string;
  readonly problem: ShownProblem | null;
}

const context = (ctx: string): Markup => html`<input type="hidden" name="ctx" value="${ctx}" />`;
const person = (userName: string): Markup => html`<p class="person"><bdi>${userName}</bdi></p>`;

export function namePage(page: StepPage & { readonly userName: string; readonly keyUrl: string }): Markup {
  const { text } = page;
  return html`<h1>${text.nameTitle}</h1>
    <form method="post" action="${page.action}" novalidate>
      ${context(page.ctx)} ${problemBox(page.problem, text)}
      <label for="loginfmt">${text.nameLabel}</label>
      <input
        id="loginfmt"
        name="loginfmt"
        type="email"
        dir="ltr"
        maxlength="113"
        value="${page.userName}"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="problem"
        ${page.problem ? html`aria-invalid="true"` : ''}
        autofocus
      />
      <p><a href="${page.keyUrl}">${text.nameKey}</a></p>
      <div class="actions"><button type="submit">${text.next}</button></div>
    </form>`;
}

export function passPage(page: StepPage & { readonly userName: string; readonly otherWaysUrl: string | null }): Markup {
  const { text } = page;
  return html`${person(page.userName)}
    <h1>${text.passTitle}</h1>
    <form method="post" action="${page.action}" novalidate>
      ${context(page.ctx)} ${problemBox(page.problem, text)}
      <label for="accesspass">${text.passLabel}</label>
      <input
        id="accesspass"
        name="accesspass"
        type="password"
        dir="ltr"
        maxlength="256"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="problem"
        ${page.problem ? html`aria-invalid="true"` : ''}
        autofocus
      />
      <p class="toggle">
        <input id="show" type="checkbox" data-reveals="accesspass" />
        <label for="show">${text.passShow}</label>
      </p>
      ${otherWays(page.otherWaysUrl, text)}
      <div class="actions"><button type="submit">${text.signIn}</button></div>
    </form>`;
}

/** For people who have nothing else. Nobody here knows a password, so it is never right. */
export function passwordPage(page: StepPage & { readonly userName: string }): Markup {
  const { text } = page;
  return html`${person(page.userName)}
    <h1>${text.passwordTitle}</h1>
    <form method="post" action="${page.action}" novalidate>
      ${context(page.ctx)} ${problemBox(page.problem, text)}
      <label for="passwd">${text.passwordLabel}</label>
      <input
        id="passwd"
        name="passwd"
        type="password"
        dir="ltr"
        maxlength="256"
        autocomplete="off"
        aria-describedby="problem"
        ${page.problem ? html`aria-invalid="true"` : ''}
        autofocus
      />
      <div class="actions"><button type="submit">${text.signIn}</button></div>
    </form>`;
}

/** On the way to the customer's own sign-in. A form may not lead there, so the page goes on by itself, or by its link. */
export function elsewherePage(text: Words, userName: string, url: string): Markup {
  return html`${person(userName)}
    <h1>${text.elsewhereTitle}</h1>
    <p role="status">${text.elsewhereText}</p>
    <div class="actions"><a class="button" href="${url}">${text.continue}</a></div>`;
}

/** The tenant wants something registered before the sign-in goes on; a campaign can be put off. */
export function interruptPage(page: StepPage & { readonly userName: string; readonly canSkip: boolean }): Markup {
  const { text } = page;
  return html`${person(page.userName)}
    <h1>${text.interruptTitle}</h1>
    <form method="post" action="${page.action}">
      ${context(page.ctx)}
      <p>${text.interruptText}</p>
      <div class="actions">
        ${page.canSkip ? html`<button type="submit" name="proofup" value="skip" class="second">${text.interruptSkip}</button>` : ''}
        <button type="submit" name="proofup" value="next" autofocus>${text.next}</button>
      </div>
    </form>`;
}

export function choosePage(
  page: StepPage & {
    readonly userName: string;
    readonly ways: readonly ('accessPass' | 'securityKey' | 'phoneSignIn' | 'password')[];
  },
): Markup {
  const { text } = page;
  const label = {
    accessPass: text.choosePass,
    securityKey: text.chooseKey,
    phoneSignIn: text.choosePhone,
    password: text.choosePassword,
  };
  return html`${person(page.userName)}
    <h1>${text.chooseTitle}</h1>
    <form method="post" action="${page.action}">
      ${context(page.ctx)} ${problemBox(page.problem, text)}
      <ul class="ways">
        ${page.ways.map((way) => html`<li><button type="submit" name="way" value="${way}" class="way">${label[way]}</button></li>`)}
      </ul>
    </form>`;
}

/** On the way to the relying party's host, where the key is asked: a form that goes by itself unless something went wrong. */
export function toKeyPage(
  page: Omit<StepPage, 'ctx'> & {
    readonly userName: string;
    readonly otherWaysUrl: string;
    readonly fields: Readonly<Record<string, string>>;
  },
): Markup {
  const { text } = page;
  return html`${page.userName === '' ? '' : person(page.userName)}
    <h1>${text.keyTitle}</h1>
    <form method="post" action="${page.action}" ${page.problem ? '' : html`data-send-itself`}>
      ${problemBox(page.problem, text)}
      ${Object.entries(page.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p>${text.keyText}</p>
      ${otherWays(page.otherWaysUrl, text)}
      <div class="actions"><button type="submit">${page.problem ? text.keyAgain : text.next}</button></div>
    </form>`;
}

export interface ApprovePage extends StepPage {
  readonly userName: string;
  readonly otherWaysUrl: string | null;
  /** Null once the request is over. */
  readonly number: string | null;
  readonly pollUrl: string;
}

export function approvePage(page: ApprovePage): Markup {
  const { text } = page;
  const waiting = html`<form method="post" action="${page.action}" data-poll="${page.pollUrl}">
    ${context(page.ctx)}
    <p id="instruction">${text.approveText}</p>
    <p class="number" aria-describedby="instruction"><bdi>${page.number}</bdi></p>
    <p role="status">${text.approveWaiting}</p>
    ${otherWays(page.otherWaysUrl, text)}
    <noscript
      ><div class="actions"><button type="submit">${text.next}</button></div></noscript
    >
  </form>`;
  const over = html`<form method="post" action="${page.action}">
    ${context(page.ctx)} ${problemBox(page.problem, text)} ${otherWays(page.otherWaysUrl, text)}
    <div class="actions"><button type="submit" name="again" value="1" autofocus>${text.approveAgain}</button></div>
  </form>`;
  return html`${person(page.userName)}
    <h1>${text.approveTitle}</h1>
    ${page.number === null ? over : waiting}`;
}

export function stayPage(page: StepPage & { readonly userName: string }): Markup {
  const { text } = page;
  return html`${person(page.userName)}
    <h1>${text.stayTitle}</h1>
    <form method="post" action="${page.action}">
      ${context(page.ctx)}
      <p>${text.stayText}</p>
      <div class="actions">
        <button type="submit" name="LoginOptions" value="3" class="second">${text.no}</button>
        <button type="submit" name="LoginOptions" value="1" autofocus>${text.yes}</button>
      </div>
    </form>`;
}

export function errorPage(
  text: Words,
  { title, sentence }: { readonly title: string; readonly sentence: string },
  aadsts: number,
  description: string,
  trace: StsTrace,
): Markup {
  return html`<h1>${title}</h1>
    <div role="alert" data-aadsts="${aadsts}">
      <p>${sentence}</p>
      <p dir="ltr" class="small">AADSTS${aadsts}: ${description}</p>
    </div>
    <dl class="small" dir="ltr">
      <dt>${text.errorTimestamp}</dt>
      <dd>${trace.timestamp}</dd>
      <dt>${text.errorCorrelation}</dt>
      <dd>${trace.correlationId}</dd>
      <dt>${text.errorTrace}</dt>
      <dd>${trace.traceId}</dd>
    </dl>`;
}

/** `response_mode=form_post`: a form that sends itself, and a button for where it does not. */
export function formPostPage(text: Words, redirectUri: string, fields: readonly (readonly [string, string])[]): Markup {
  return html`<h1>${text.sendingTitle}</h1>
    <form method="post" action="${redirectUri}" data-send-itself>
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p role="status">${text.sendingText}</p>
      <div class="actions"><button type="submit">${text.continue}</button></div>
    </form>`;
}

export function signedOutPage(text: Words): Markup {
  return html`<h1>${text.signedOutTitle}</h1>
    <p>${text.signedOutText}</p>`;
}

function otherWays(url: string | null, text: Words): Markup | '' {
  return url === null ? '' : html`<p><a href="${url}">${text.otherWays}</a></p>`;
}
