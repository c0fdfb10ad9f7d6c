// Adding Microsoft Authenticator, page by page: get the app, scan the QR code, try a request out.
import { Hono } from 'hono';
import type { Activation, Approval, ApprovalState } from '../directory/phone-service.ts';
import type { ShownProblem } from '../pages/layout.ts';
import type { Words } from '../pages/words.ts';
import { redirect } from '../sign-in/reply.ts';
import type { TwinCore } from '../twin-core.ts';
import { addedPage, appPage, scanPage, tryPage } from './security-info-pages.ts';
import type { Visit, Visits } from './visits.ts';

const ROOT = '/security-info/authenticator';

export function addAuthenticatorRoutes(core: TwinCore, visits: Visits): Hono {
  const app = new Hono();
  app.get(
    '/app',
    visits.managing((visit) => visits.page(visit, visit.text.appTitle, appPage(visit.text))),
  );
  app.post(
    '/start',
    visits.managing(({ visitor }) => {
      if (!core.phones.qrAllowed(visitor.user)) return redirect('/security-info/add', 303);
      return redirect(`${ROOT}/scan?id=${core.phones.offerActivation(visitor.user).id}`, 303);
    }),
  );

  const ownActivation = ({ visitor }: Visit, id: string | null | undefined): Activation | null => {
    const activation = core.phones.activation(id ?? '');
    return activation?.userId === visitor.user.objectId ? activation : null;
  };
  const ownApproval = ({ visitor }: Visit, id: string | null | undefined): Approval | null => {
    const approval = core.phones.approval(id ?? '');
    return approval?.kind === 'test' && approval.userId === visitor.user.objectId ? approval : null;
  };

  app.get(
    '/scan',
    visits.managing((visit) => {
      const activation = ownActivation(visit, visit.context.req.query('id'));
      if (!activation) return redirect(`${ROOT}/app`);
      const state = core.phones.activationState(activation);
      const problem = scanProblem(visit.text, state, visit.context.req.query('early') !== undefined);
      const { id, code, url } = activation;
      return visits.page(
        visit,
        visit.text.scanTitle,
        scanPage(visit.text, { id, code, url, state, problem, content: qrContent(activation) }),
      );
    }),
  );
  app.get(
    '/state',
    visits.visited((visit) => {
      const activation = ownActivation(visit, visit.context.req.query('id'));
      const state = activation ? core.phones.activationState(activation) : 'expired';
      return visit.context.json({ state: state === 'waiting' ? 'pending' : state });
    }),
  );
  app.post(
    '/scanned',
    visits.managing(async (visit) => {
      const activation = ownActivation(visit, new URLSearchParams(await visit.context.req.text()).get('id'));
      if (!activation) return redirect(`${ROOT}/app`, 303);
      if (activation.methodId === null) return redirect(`${ROOT}/scan?id=${activation.id}&early=1`, 303);
      const test = core.phones.ask('test', visit.visitor.user, [activation.methodId]);
      return redirect(`${ROOT}/try?id=${test.id}`, 303);
    }),
  );

  app.get(
    '/try',
    visits.managing((visit) => {
      const approval = ownApproval(visit, visit.context.req.query('id'));
      if (!approval) return redirect('/security-info');
      const state = core.phones.approvalState(approval);
      const problem = problemOf(visit.text, state);
      const number = state === 'pending' ? approval.number : null;
      return visits.page(
        visit,
        visit.text.tryTitle,
        tryPage(visit.text, { id: approval.id, number, approved: state === 'approved', problem }),
      );
    }),
  );
  app.get(
    '/try/state',
    visits.visited((visit) => {
      const approval = ownApproval(visit, visit.context.req.query('id'));
      return visit.context.json({ state: approval ? core.phones.approvalState(approval) : 'expired' });
    }),
  );
  app.post(
    '/tried',
    visits.managing(async (visit) => {
      const form = new URLSearchParams(await visit.context.req.text());
      const approval = ownApproval(visit, form.get('id'));
      if (!approval) return redirect('/security-info', 303);
      const state = core.phones.approvalState(approval);
      if (state === 'approved') return redirect(`${ROOT}/done`, 303);
      const again = state !== 'pending' && form.has('again');
      const next = again ? core.phones.ask('test', visit.visitor.user, approval.methodIds) : approval;
      return redirect(`${ROOT}/try?id=${next.id}`, 303);
    }),
  );
  app.get(
    '/done',
    visits.visited((visit) => visits.page(visit, visit.text.addedTitle, addedPage(visit.text))),
  );
  return app;
}

/** What Authenticator's scanner expects; the form seen in the codes of the real page. */
function qrContent({ code, url }: Activation): string {
  const escaped = encodeURIComponent(url).replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return `phonefactor://activate_account?code=${code}&url=${escaped}`;
}

/** `early`: *Next* was pressed before the phone did its part. */
function scanProblem(text: Words, state: ReturnType<TwinCore['phones']['activationState']>, early: boolean): ShownProblem | null {
  if (state === 'expired') return { text: text.scanExpired, aadsts: null };
  return early && state === 'waiting' ? { text: text.scanNotYet, aadsts: null } : null;
}

function problemOf(text: Words, state: ApprovalState): ShownProblem | null {
  switch (state) {
    case 'pending':
    case 'approved':
      return null;
    case 'denied':
      return { text: text.approveDenied, aadsts: null };
    case 'wrongNumber':
      return { text: text.approveWrongNumber, aadsts: null };
    case 'expired':
      return { text: text.approveExpired, aadsts: null };
    default:
      return state satisfies never;
  }
}
