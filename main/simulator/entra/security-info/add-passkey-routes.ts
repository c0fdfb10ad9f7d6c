// Adding a passkey at My Security Info, page by page: have the key ready, make it on the relying party's host, name it. The
// addresses on the way and the members of the forms are those of the service's own pages.
import { Hono } from 'hono';
import { decodeBase64url, encodeBase64url } from '../../../fido/bytes/base64url.ts';
import type { User } from '../directory/directory.ts';
import { randomGuid } from '../directory/random-text.ts';
import { issueChallenge } from '../graph/challenge.ts';
import { RP_ORIGIN } from '../graph/creation-options.ts';
import { checkRegistration } from '../graph/registration-check.ts';
import type { ShownProblem } from '../pages/layout.ts';
import { passkeyScope } from '../policies/method-scope.ts';
import { redirect } from '../sign-in/reply.ts';
import type { TwinCore } from '../twin-core.ts';
import { noteActivity, notePasskey } from './method-notes.ts';
import { PasskeyDrafts, type PasskeyDraft } from './passkey-drafts.ts';
import { PASSKEY_ROOT, departurePage, keyAddedPage, nameKeyPage, readyPage } from './passkey-pages.ts';
import { pageRefusal, refusalOfBrowser, refusalOfRegistration, type PasskeyRefusal } from './passkey-refusals.ts';
import type { Visit, Visits } from './visits.ts';

const HERE = 'https://mysignins.microsoft.com';
export const POST_BACK_PATH = '/api/post/newfido';

export interface AddPasskeyRoutes {
  /** Under `PASSKEY_ROOT`. */
  readonly app: Hono;
  /** Takes what the relying party's host sends back. */
  readonly postBack: Hono;
  clear(): void;
}

/** Whether this person is offered a passkey at all; null when they are. */
export function passkeyNotOffered(core: TwinCore, user: User): PasskeyRefusal | null {
  const { fido2 } = core.directory.policy;
  const scope = passkeyScope(fido2, core.directory.subjectOf(user));
  if (scope === 'off' || !fido2.isSelfServiceRegistrationAllowed) return 'switchedOff';
  return scope === 'inScope' ? null : 'notTargeted';
}

export function addPasskeyRoutes(core: TwinCore, visits: Visits): AddPasskeyRoutes {
  const drafts = new PasskeyDrafts(core);
  const app = new Hono();
  const postBack = new Hono();

  const shown = ({ text }: Visit, refusal: PasskeyRefusal): ShownProblem => {
    const { text: key, code } = pageRefusal(refusal);
    return { text: text[key], aadsts: null, code };
  };
  const ready = (visit: Visit, refusal: PasskeyRefusal | null): Promise<Response> =>
    visits.page(visit, visit.text.newKeyTitle, readyPage(visit.text, refusal && shown(visit, refusal)));
  const naming = (visit: Visit, draft: PasskeyDraft, name: string, refusal: PasskeyRefusal | null): Promise<Response> => {
    const page = {
      canary: draft.canary,
      name,
      maxLength: core.directory.policy.fido2.maxDisplayNameLength,
      problem: refusal && shown(visit, refusal),
    };
    return visits.page(visit, visit.text.newKeyNameTitle, nameKeyPage(visit.text, page));
  };

  app.get(
    '/',
    visits.managing((visit) =>
      passkeyNotOffered(core, visit.visitor.user) ? redirect('/security-info/add') : ready(visit, null),
    ),
  );
  app.post(
    '/start',
    visits.managing(async (visit) => {
      const { user } = visit.visitor;
      const refusal = passkeyNotOffered(core, user);
      if (refusal) return ready(visit, refusal);
      const draft = drafts.begin(user);
      noteActivity(core, visit, 'User started security info registration');
      const cid = randomGuid(core.randomBytes);
      const action = `${RP_ORIGIN}/${core.tenant.tenantId}/fido/create?cid=${cid}&mkt=${visit.language}`;
      const fields = await departureFields(core, user, draft, cid);
      return visits.page(visit, visit.text.newKeyTitle, departurePage(visit.text, action, fields));
    }),
  );
  app.get(
    '/name',
    visits.managing((visit) => {
      const draft = drafts.find(visit.visitor.user, visit.context.req.query('canary'));
      return draft?.answer ? naming(visit, draft, '', null) : redirect(PASSKEY_ROOT);
    }),
  );
  app.post(
    '/finish',
    visits.managing(async (visit) => {
      const form = new URLSearchParams(await visit.context.req.text());
      const { user } = visit.visitor;
      const draft = drafts.find(user, form.get('canary'));
      // Pressed twice: the first press has added it.
      if (!draft?.answer) return redirect('/security-info', 303);
      const name = (form.get('name') ?? '').trim();
      const refusal = passkeyNotOffered(core, user) ?? (await add(core, visit, draft, name));
      if (refusal === 'nameLength') return naming(visit, draft, name, refusal);
      drafts.drop(draft);
      return refusal ? ready(visit, refusal) : visits.page(visit, visit.text.newKeyDoneTitle, keyAddedPage(visit.text, name));
    }),
  );

  postBack.post(
    '/',
    visits.managing(async (visit) => {
      const form = new URLSearchParams(await visit.context.req.text());
      const draft = drafts.find(visit.visitor.user, form.get('canary'));
      if (!draft) return redirect(PASSKEY_ROOT, 303);
      const errorName = form.get('error_code') ?? '';
      if (errorName !== '') {
        drafts.drop(draft);
        return ready(visit, refusalOfBrowser(errorName));
      }
      draft.answer = {
        credentialId: form.get('credentialId') ?? '',
        clientDataJson: form.get('clientDataJson') ?? '',
        attestationObject: form.get('attestationObject') ?? '',
      };
      return redirect(`${PASSKEY_ROOT}/name?canary=${draft.canary}`, 303);
    }),
  );
  return { app, postBack, clear: () => drafts.clear() };
}

async function departureFields(core: TwinCore, user: User, draft: PasskeyDraft, cid: string): Promise<Record<string, string>> {
  const { challenge } = await issueChallenge(core, user);
  return {
    correlationId: cid,
    canary: draft.canary,
    ExcludeNextGenCredentialsJSON: JSON.stringify(user.passkeys.map(({ credentialId }) => encodeBase64url(credentialId))),
    memberName: user.upn,
    postBackUrl: `${HERE}${POST_BACK_PATH}?cid=${cid}`,
    // The relying party's page spells it for the key; this form carries the text itself.
    serverChallenge: Buffer.from(decodeBase64url(challenge)).toString('ascii'),
    userDisplayName: user.displayName,
    userIconUrl: '',
    userId: encodeBase64url(user.userHandle),
  };
}

/** Judges what came back as Graph would, and keeps it; null when the person has the passkey now. */
async function add(core: TwinCore, visit: Visit, draft: PasskeyDraft, name: string): Promise<PasskeyRefusal | null> {
  const { user } = visit.visitor;
  const { credentialId = '', clientDataJson = '', attestationObject = '' } = draft.answer ?? {};
  const body = {
    displayName: name,
    publicKeyCredential: { id: credentialId, response: { clientDataJSON: clientDataJson, attestationObject } },
  };
  const outcome = await checkRegistration(core, user, JSON.stringify(body));
  // Asked once more without a pause between question and deed: two forms may have been checked side by side.
  const refusal = outcome.ok
    ? core.directory.passkeyByCredentialId(outcome.passkey.credentialId) && 'duplicate'
    : outcome.refusal;
  if (refusal) {
    core.note({ atMs: core.time.wallMs(), upn: user.upn, refusal });
    return refusalOfRegistration(refusal);
  }
  if (outcome.ok) {
    user.passkeys = [...user.passkeys, outcome.passkey];
    notePasskey(core, visit, 'added', outcome.passkey.aaguid);
  }
  return null;
}
