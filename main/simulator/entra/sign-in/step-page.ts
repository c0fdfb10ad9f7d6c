// Which page a sign-in under way shows, and under which address.
import type { Markup, ShownProblem } from '../pages/layout.ts';
import { approvePage, choosePage, namePage, passPage, stayPage } from '../pages/sign-in-pages.ts';
import { words } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import type { SignInFlow, SignInFlows } from './sign-in-flows.ts';

/** Host-relative. Each step has a path of its own, so that a shell can tell them apart by address. */
export function stepAddress(core: TwinCore, flow: SignInFlow): string {
  const query = `?ctx=${flow.ctx}`;
  return flow.step === 'stay' ? `/kmsi${query}` : `${stepAction(core, flow)}${query}`;
}

function stepAction(core: TwinCore, flow: SignInFlow): string {
  return flow.step === 'stay' ? '/kmsi' : `/${core.tenant.tenantId}/login/${flow.step}`;
}

export function stepBody(
  core: TwinCore,
  flows: SignInFlows,
  flow: SignInFlow,
): { readonly title: string; readonly body: Markup } {
  const text = words[flow.request.language];
  const problem: ShownProblem | null = flow.problem && { text: text[flow.problem.text], aadsts: flow.problem.aadsts };
  const page = { text, action: stepAction(core, flow), ctx: flow.ctx, problem, userName: flow.userName };
  const user = flows.userOf(flow);
  const ways = user ? flows.ways(user) : [];
  const otherWaysUrl = ways.length > 1 ? `/${core.tenant.tenantId}/login/choose?ctx=${flow.ctx}` : null;
  switch (flow.step) {
    case 'name':
      return { title: text.nameTitle, body: namePage(page) };
    case 'pass':
      return { title: text.passTitle, body: passPage({ ...page, otherWaysUrl }) };
    case 'choose':
      return { title: text.chooseTitle, body: choosePage({ ...page, ways }) };
    case 'approve': {
      const number = flow.problem === null ? flows.waitingNumber(flow) : null;
      const pollUrl = `/common/DeviceCodeStatus?ctx=${flow.ctx}`;
      return { title: text.approveTitle, body: approvePage({ ...page, otherWaysUrl, number, pollUrl }) };
    }
    case 'stay':
    case 'finish':
      return { title: text.stayTitle, body: stayPage(page) };
    default:
      return flow.step satisfies never;
  }
}
