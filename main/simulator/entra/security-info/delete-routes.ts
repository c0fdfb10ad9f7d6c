// Deleting a method at My Security Info: asked once, done once.
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { User } from '../directory/directory.ts';
import type { Markup } from '../pages/layout.ts';
import type { Words } from '../pages/words.ts';
import { redirect } from '../sign-in/reply.ts';
import type { TwinCore } from '../twin-core.ts';
import { noteActivity, notePasskey } from './method-notes.ts';
import type { Visit, Visits } from './visits.ts';

const PATH = '/security-info/delete';

/** Where the list's link goes; null for a method the person can't delete here. */
export function deletionUrl(core: TwinCore, user: User, methodId: string): string | null {
  const isPass = user.pass?.methodId === methodId;
  return isPass && !core.directory.policy.temporaryAccessPass.selfDeletionAllowed ? null : `${PATH}?id=${methodId}`;
}

export function deleteRoutes(core: TwinCore, visits: Visits): Hono {
  const app = new Hono();
  app.get(
    '/',
    visits.managing((visit) => {
      const { user } = visit.visitor;
      const id = visit.context.req.query('id') ?? '';
      const name = nameOf(user, visit.text, id);
      if (name === null || deletionUrl(core, user, id) === null) return redirect('/security-info');
      return visits.page(visit, visit.text.deleteTitle, deletePage(visit.text, id, name));
    }),
  );
  app.post(
    '/',
    visits.managing(async (visit) => {
      const id = new URLSearchParams(await visit.context.req.text()).get('id') ?? '';
      const { user } = visit.visitor;
      if (deletionUrl(core, user, id) !== null) removeMethod(core, visit, user, id);
      return redirect('/security-info', 303);
    }),
  );
  return app;
}

function removeMethod(core: TwinCore, visit: Visit, user: User, id: string): void {
  const passkey = user.passkeys.find(({ methodId }) => methodId === id);
  const app = user.authenticators.find(({ methodId }) => methodId === id);
  if (passkey) {
    user.passkeys = user.passkeys.filter((other) => other !== passkey);
    notePasskey(core, visit, 'deleted', passkey.aaguid);
  } else if (app) {
    user.authenticators = user.authenticators.filter((other) => other !== app);
    noteActivity(core, visit, 'User deleted security info');
  } else if (user.pass?.methodId === id) {
    user.pass = null;
    noteActivity(core, visit, 'User deleted security info');
  }
}

function nameOf(user: User, text: Words, id: string): string | null {
  const method = [...user.passkeys, ...user.authenticators].find(({ methodId }) => methodId === id);
  if (method) return method.displayName;
  return user.pass?.methodId === id ? text.infoPass : null;
}

function deletePage(text: Words, id: string, name: string): Markup {
  return html`<h1>${text.deleteTitle}</h1>
    <form method="post" action="${PATH}">
      <input type="hidden" name="id" value="${id}" />
      <p>${text.deleteText} <bdi>${name}</bdi></p>
      <div class="actions">
        <a class="button second" href="/security-info" autofocus>${text.cancel}</a>
        <button type="submit">${text.infoDelete}</button>
      </div>
    </form>`;
}
