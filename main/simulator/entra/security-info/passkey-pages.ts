// The pages of My Security Info for a passkey: have the key ready, on the way to the relying party's host, name it, done.
import { html } from 'hono/html';
import { problemBox, type Markup, type ShownProblem } from '../pages/layout.ts';
import type { Words } from '../pages/words.ts';

export const PASSKEY_ROOT = '/security-info/passkey';

export function readyPage(text: Words, problem: ShownProblem | null): Markup {
  return html`<h1>${text.newKeyTitle}</h1>
    <form method="post" action="${PASSKEY_ROOT}/start">
      ${problemBox(problem, text)}
      <p>${text.newKeyReady}</p>
      <div class="actions">
        <a class="button second" href="/security-info/add">${text.back}</a>
        <button type="submit" autofocus>${problem ? text.keyAgain : text.next}</button>
      </div>
    </form>`;
}

/** A form that goes by itself, with the members the service's own page sends. */
export function departurePage(text: Words, action: string, fields: Readonly<Record<string, string>>): Markup {
  return html`<h1>${text.newKeyTitle}</h1>
    <form method="post" action="${action}" data-send-itself>
      ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p role="status">${text.newKeyLeaving}</p>
      <div class="actions"><button type="submit">${text.next}</button></div>
    </form>`;
}

export function nameKeyPage(
  text: Words,
  page: { readonly canary: string; readonly name: string; readonly maxLength: number; readonly problem: ShownProblem | null },
): Markup {
  return html`<h1>${text.newKeyNameTitle}</h1>
    <form method="post" action="${PASSKEY_ROOT}/finish" novalidate>
      <input type="hidden" name="canary" value="${page.canary}" />
      ${problemBox(page.problem, text)}
      <p id="why">${text.newKeyNameText}</p>
      <label for="name">${text.newKeyNameLabel}</label>
      <input
        id="name"
        name="name"
        type="text"
        dir="auto"
        maxlength="${page.maxLength}"
        value="${page.name}"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="problem why"
        ${page.problem ? html`aria-invalid="true"` : ''}
        autofocus
      />
      <div class="actions">
        <a class="button second" href="/security-info">${text.cancel}</a>
        <button type="submit">${text.next}</button>
      </div>
    </form>`;
}

export function keyAddedPage(text: Words, name: string): Markup {
  return html`<h1>${text.newKeyDoneTitle}</h1>
    <p>${text.newKeyDoneText} <bdi>${name}</bdi></p>
    <div class="actions"><a class="button" href="/security-info" autofocus>${text.done}</a></div>`;
}
