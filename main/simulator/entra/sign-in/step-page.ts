// Which page a sign-in under way shows, and under which address.
import type { Markup, ShownProblem } from '../pages/layout.ts';
import { encodeBase64url } from '../../../fido/bytes/base64url.ts';
import { issueSignInChallenge } from '../fido-pages/sign-in-challenge.ts';
import { RP_ORIGIN } from '../graph/creation-options.ts';
import {
  approvePage,
  choosePage,
  elsewherePage,
  interruptPage,
  namePage,
  passPage,
  passwordPage,
  stayPage,
  toKeyPage,
} from '../pages/sign-in-pages.ts';
import { words } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import type { RegistrationGate } from './registration-gate.ts';
import type { SignInFlow, SignInFlows } from './sign-in-flows.ts';

/** Host-relative. Each step has a path of its own, so that a shell can tell them apart by address. */
export function stepAddress(core: TwinCore, flow: SignInFlow): string {
  const query = `?ctx=${flow.ctx}`;
  return flow.step === 'stay' ? `/kmsi${query}` : `${stepAction(core, flow)}${query}`;
}

function stepAction(core: TwinCore, flow: SignInFlow): string {
  return flow.step === 'stay' ? '/kmsi' : `/${core.tenant.tenantId}/login/${flow.step}`;
}

export async function stepBody(
  core: TwinCore,
  flows: SignInFlows,
  gate: RegistrationGate,
  flow: SignInFlow,
): Promise<{ readonly title: string; readonly body: Markup; readonly goesTo?: string }> {
  const text = words[flow.request.language];
  const problem: ShownProblem | null = flow.problem && { text: text[flow.problem.text], aadsts: flow.problem.aadsts };
  const page = { text, action: stepAction(core, flow), ctx: flow.ctx, problem, userName: flow.userName };
  const user = flows.userOf(flow);
  const ways = flow.enough ?? (user ? flows.ways(user) : []);
  const chooseUrl = `/${core.tenant.tenantId}/login/choose?ctx=${flow.ctx}`;
  const otherWaysUrl = ways.length > 1 ? chooseUrl : null;
  switch (flow.step) {
    case 'name':
      return { title: text.nameTitle, body: namePage({ ...page, keyUrl: `/${core.tenant.tenantId}/login/key?ctx=${flow.ctx}` }) };
    case 'pass':
      return { title: text.passTitle, body: passPage({ ...page, otherWaysUrl }) };
    case 'key': {
      const action = `${RP_ORIGIN}/${core.tenant.tenantId}/fido/get?uiflavor=Web&mkt=${flow.request.language}`;
      const fields = await keyFields(core, flow, flows.newChallengeId(flow), chooseUrl);
      return { title: text.keyTitle, body: toKeyPage({ ...page, action, fields, otherWaysUrl: chooseUrl }) };
    }
    case 'choose':
      return { title: text.chooseTitle, body: choosePage({ ...page, ways }) };
    case 'approve': {
      const number = flow.problem === null ? flows.waitingNumber(flow) : null;
      const pollUrl = `/common/DeviceCodeStatus?ctx=${flow.ctx}`;
      return { title: text.approveTitle, body: approvePage({ ...page, otherWaysUrl, number, pollUrl }) };
    }
    case 'password':
      return { title: text.passwordTitle, body: passwordPage(page) };
    case 'proofup': {
      const interrupt = user && gate.interruptOf(user, flow.request.app);
      const canSkip = user !== null && interrupt === 'campaign' && gate.maySnooze(user);
      return { title: text.interruptTitle, body: interruptPage({ ...page, canSkip }) };
    }
    case 'elsewhere': {
      const goesTo = federatedAddress(flow);
      return { title: text.elsewhereTitle, body: elsewherePage(text, flow.userName, goesTo), goesTo };
    }
    case 'stay':
    case 'admit':
    case 'finish':
      return { title: text.stayTitle, body: stayPage(page) };
    default:
      return flow.step satisfies never;
  }
}

/** What the service's own page hands over to the relying party's host. */
async function keyFields(
  core: TwinCore,
  flow: SignInFlow,
  challengeId: string,
  chooseUrl: string,
): Promise<Record<string, string>> {
  const here = 'https://login.microsoftonline.com';
  const user = flow.userId === null ? null : core.directory.find(flow.userId);
  return {
    allowedIdentities: '2',
    ServerChallenge: await issueSignInChallenge(core, challengeId),
    postBackUrl: `${here}/${core.tenant.tenantId}/login`,
    cancelUrl: `${here}${chooseUrl}`,
    correlationId: flow.request.correlationId ?? '',
    credentialsJson: (user?.passkeys ?? []).map(({ credentialId }) => encodeBase64url(credentialId)).join(','),
    ctx: flow.ctx,
    username: flow.userName,
  };
}

/** The customer's own sign-in (WS-Federation, as Microsoft calls AD FS); it is not the twin's to play. */
export function federatedAddress(flow: SignInFlow): string {
  const domain = flow.userName.slice(flow.userName.indexOf('@') + 1);
  const query = new URLSearchParams({
    'client-request-id': flow.request.correlationId ?? '',
    wa: 'wsignin1.0',
    wtrealm: 'urn:federation:MicrosoftOnline',
    wctx: `LoginOptions=3&estsredirect=2&estsrequest=${flow.ctx}`,
    username: flow.userName,
  });
  return `https://sts.${domain}/adfs/ls/?${query.toString()}`;
}
