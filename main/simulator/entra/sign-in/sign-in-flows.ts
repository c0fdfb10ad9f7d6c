// One sign-in under way in one browser: which page is next, and what went wrong on the last one. The address of a page
// never decides; the flow does, so reloads and double presses are harmless.
import type { User } from '../directory/directory.ts';
import { checkAssertion } from '../fido-pages/check-assertion.ts';
import { randomToken } from '../directory/random-text.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import type { WordKey } from '../pages/words.ts';
import type { TwinCore } from '../twin-core.ts';
import { aadsts, aadstsOfVerdict, type AadstsName } from './aadsts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';

export type SignInWay = 'accessPass' | 'securityKey' | 'phoneSignIn';
export type Step = 'name' | 'pass' | 'key' | 'choose' | 'approve' | 'stay' | 'finish';

export interface StepProblem {
  readonly text: WordKey;
  readonly aadsts: number | null;
}

export interface SignInFlow {
  readonly ctx: string;
  /** The browser that began it, by cookie. */
  readonly browserId: string;
  readonly request: AuthorizeRequest;
  readonly startedAtNowMs: number;
  step: Step;
  userName: string;
  userId: string | null;
  problem: StepProblem | null;
  approvalId: string | null;
  /** What the challenge of the security key was last issued for. */
  challengeId: string | null;
  session: SignInSession | null;
  staySignedIn: boolean;
}

const FLOW_LIFETIME_MS = 60 * 60_000;

export class SignInFlows {
  readonly #core: TwinCore;
  readonly #flows = new Map<string, SignInFlow>();

  constructor(core: TwinCore) {
    this.#core = core;
  }

  clear(): void {
    this.#flows.clear();
  }

  begin(request: AuthorizeRequest, browserId: string): SignInFlow {
    const nowMs = this.#core.time.nowMs();
    for (const [ctx, flow] of this.#flows) if (nowMs - flow.startedAtNowMs > FLOW_LIFETIME_MS) this.#flows.delete(ctx);
    const flow: SignInFlow = {
      ctx: randomToken(this.#core.randomBytes, 32),
      browserId,
      request,
      startedAtNowMs: nowMs,
      step: 'name',
      userName: request.loginHint ?? '',
      userId: null,
      problem: null,
      approvalId: null,
      challengeId: null,
      session: null,
      staySignedIn: false,
    };
    this.#flows.set(flow.ctx, flow);
    if (request.loginHint && request.prompt !== 'select_account') {
      this.giveName(flow, request.loginHint);
      if (flow.step === 'name') flow.problem = null; // a hint that leads nowhere is only filled in
    }
    return flow;
  }

  find(ctx: string): SignInFlow | null {
    const flow = this.#flows.get(ctx);
    return flow && this.#core.time.nowMs() - flow.startedAtNowMs <= FLOW_LIFETIME_MS ? flow : null;
  }

  /** The flow is over and its address leads nowhere. */
  drop(flow: SignInFlow): void {
    this.#flows.delete(flow.ctx);
  }

  giveName(flow: SignInFlow, userName: string): void {
    flow.userName = userName.trim();
    flow.userId = null;
    if (flow.userName === '') {
      flow.problem = { text: 'nameEmpty', aadsts: null };
      return;
    }
    const user = this.#core.directory.find(flow.userName);
    if (!user) {
      flow.problem = { text: 'nameUnknown', aadsts: aadsts.unknownUser.code };
      return;
    }
    flow.userId = user.objectId;
    flow.userName = user.upn;
    this.#goTo(flow, user, this.#preferredWay(user));
  }

  givePass(flow: SignInFlow, code: string): void {
    const user = this.userOf(flow);
    if (!user) return this.#backToName(flow);
    if (code.trim() === '') {
      flow.problem = { text: 'passEmpty', aadsts: null };
      return;
    }
    const verdict = this.#core.directory.redeemPass(user, code);
    if (verdict === 'accepted') return this.#signedIn(flow, user, 'accessPass');
    flow.problem = { text: PROBLEM_TEXT[verdict], aadsts: aadsts[aadstsOfVerdict(verdict)].code };
  }

  /** Whoever the key belongs to, when no name was given. */
  askForKey(flow: SignInFlow): void {
    if (flow.step !== 'name') return;
    flow.userId = null;
    flow.userName = '';
    flow.problem = null;
    flow.step = 'key';
  }

  /** Every look at the page is a new try. */
  newChallengeId(flow: SignInFlow): string {
    flow.challengeId = randomToken(this.#core.randomBytes, 16);
    return flow.challengeId;
  }

  async giveAssertion(flow: SignInFlow, text: string): Promise<void> {
    const { challengeId } = flow;
    if (challengeId === null) return;
    const outcome = await checkAssertion(this.#core, { text, challengeId, user: this.userOf(flow) });
    // The same form sent twice: the first has moved the flow on while this one was looked at.
    if (flow.step !== 'key' || flow.challengeId !== challengeId) return;
    if (!outcome.ok) {
      flow.problem = { text: KEY_TEXT[outcome.problem] ?? 'keyRefused', aadsts: aadsts[outcome.problem].code };
      return;
    }
    flow.userId = outcome.user.objectId;
    flow.userName = outcome.user.upn;
    this.#signedIn(flow, outcome.user, 'securityKey');
  }

  chooseWay(flow: SignInFlow, way: string): void {
    const user = this.userOf(flow);
    if (!user) return this.#backToName(flow);
    const chosen = this.ways(user).find((known) => known === way);
    if (chosen) this.#goTo(flow, user, chosen);
  }

  showChoice(flow: SignInFlow): void {
    if (flow.step !== 'pass' && flow.step !== 'approve' && flow.step !== 'key') return;
    if (flow.userId === null) return this.#backToName(flow);
    flow.step = 'choose';
    flow.problem = null;
  }

  /** Looks whether the phone has answered; `again` sends a new request after one that is over. */
  checkApproval(flow: SignInFlow, again: boolean): void {
    const user = this.userOf(flow);
    if (!user) return this.#backToName(flow);
    const approval = flow.approvalId === null ? null : this.#core.phones.approval(flow.approvalId);
    const state = approval ? this.#core.phones.approvalState(approval) : 'expired';
    switch (state) {
      case 'pending':
        return;
      case 'approved':
        if (user.accountEnabled) return this.#signedIn(flow, user, 'phoneSignIn');
        flow.problem = { text: 'accountDisabled', aadsts: aadsts.disabledUser.code };
        return;
      case 'denied':
      case 'wrongNumber':
      case 'expired':
        if (again) return this.#goTo(flow, user, 'phoneSignIn');
        flow.problem = { text: APPROVAL_TEXT[state], aadsts: aadsts.approvalFailed.code };
        return;
      default:
        state satisfies never;
    }
  }

  /** What the page shows: the number while the request waits. */
  waitingNumber(flow: SignInFlow): string | null {
    const approval = flow.approvalId === null ? null : this.#core.phones.approval(flow.approvalId);
    return approval && this.#core.phones.approvalState(approval) === 'pending' ? approval.number : null;
  }

  answerStay(flow: SignInFlow, stay: boolean): void {
    if (flow.step !== 'stay') return;
    flow.staySignedIn = stay;
    flow.step = 'finish';
  }

  userOf(flow: SignInFlow): User | null {
    return flow.userId === null ? null : this.#core.directory.find(flow.userId);
  }

  /** How this person can sign in, the way Microsoft would offer first in front. */
  ways(user: User): readonly SignInWay[] {
    const { directory } = this.#core;
    const key: readonly SignInWay[] =
      user.passkeys.length > 0 && directory.policy.fido2.state === 'enabled' ? ['securityKey'] : [];
    const phone: readonly SignInWay[] = directory.phonesForSignIn(user).length > 0 ? ['phoneSignIn'] : [];
    const others = [...key, ...phone];
    return user.pass !== null || others.length === 0 ? ['accessPass', ...others] : others;
  }

  /** A usable pass comes before everything else (Entra: "System-preferred multifactor authentication"). */
  #preferredWay(user: User): SignInWay {
    const usable = user.pass !== null && this.#core.directory.usability(user, user.pass) === 'EnabledByPolicy';
    const others = this.ways(user).filter((way) => way !== 'accessPass');
    return (usable ? null : others[0]) ?? 'accessPass';
  }

  #goTo(flow: SignInFlow, user: User, way: SignInWay): void {
    flow.problem = null;
    flow.approvalId = null;
    flow.step = STEP_OF_WAY[way];
    if (way === 'phoneSignIn') {
      const apps = this.#core.directory.phonesForSignIn(user);
      flow.approvalId = this.#core.phones.ask(
        'signIn',
        user,
        apps.map((app) => app.methodId),
      ).id;
    }
  }

  #signedIn(flow: SignInFlow, user: User, way: SignInWay): void {
    flow.session = this.#core.signIns.start(user, way);
    flow.problem = null;
    flow.step = flow.request.app.inBrowser && this.#core.directory.policy.signIn.askToStaySignedIn ? 'stay' : 'finish';
  }

  #backToName(flow: SignInFlow): void {
    flow.step = 'name';
    flow.userId = null;
    flow.problem = null;
  }
}

const STEP_OF_WAY = { accessPass: 'pass', securityKey: 'key', phoneSignIn: 'approve' } as const;

/** What a person can use of a refused key; the number says the rest. */
const KEY_TEXT: { readonly [Name in AadstsName]?: WordKey } = {
  keyUnknown: 'keyNotRegistered',
  keyHandleOfOther: 'keyNotRegistered',
  keyUserUnknown: 'keyNotRegistered',
  keysOff: 'keyNotAllowed',
  credentialPolicy: 'keyNotAllowed',
  keyChallengeExpired: 'keyTooLate',
  disabledUser: 'accountDisabled',
};

const PROBLEM_TEXT = {
  wrong: 'passWrong',
  expired: 'passExpired',
  notYetValid: 'passNotYetValid',
  alreadyUsed: 'passAlreadyUsed',
  notAllowed: 'passNotAllowed',
  missing: 'passMissing',
  locked: 'accountLocked',
  disabled: 'accountDisabled',
} as const satisfies Record<string, WordKey>;

const APPROVAL_TEXT = {
  denied: 'approveDenied',
  wrongNumber: 'approveWrongNumber',
  expired: 'approveExpired',
} as const satisfies Record<string, WordKey>;
