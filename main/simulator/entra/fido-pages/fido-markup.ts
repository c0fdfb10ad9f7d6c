// The pages of login.microsoft.com that talk to a security key. What the key is asked stands in the page as data; the one
// script for these pages reads it, asks the browser, and sends the form.
import { html } from 'hono/html';
import type { Markup } from '../pages/layout.ts';
import type { Words } from '../pages/words.ts';

export interface KeyPage {
  readonly text: Words;
  readonly title: string;
  readonly instruction: string;
  /** Who it is about; empty when the key is to say. */
  readonly userName: string;
  readonly kind: 'get' | 'create';
  /** The members of `publicKey`; bytes as base64url. */
  readonly options: object;
  /** Address that takes the answer. */
  readonly postBackUrl: string;
  /** Hidden fields that go back as they are. */
  readonly fields: Readonly<Record<string, string>>;
  /** Fields the script fills in. */
  readonly filled: readonly string[];
  /** Where to go without a key; null where the answer itself says that there is none. */
  readonly leave: { readonly url: string; readonly label: string } | null;
}

export function keyPage(page: KeyPage): Markup {
  const { text } = page;
  const hidden = [...Object.entries(page.fields), ...page.filled.map((name) => [name, ''] as const)];
  return html`${page.userName === '' ? '' : html`<p class="person"><bdi>${page.userName}</bdi></p>`}
    <h1>${page.title}</h1>
    <form
      method="post"
      action="${page.postBackUrl}"
      data-key="${page.kind}"
      data-options="${JSON.stringify(page.options)}"
      data-waiting="${text.keyWaiting}"
      data-stopped="${text.keyStopped}"
      data-impossible="${text.keyImpossible}"
    >
      ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p>${page.instruction}</p>
      <p role="status" id="key-state"></p>
      ${page.leave ? html`<p><a href="${page.leave.url}">${page.leave.label}</a></p>` : ''}
      <div class="actions"><button type="button" id="key-again">${text.keyAgain}</button></div>
    </form>`;
}
