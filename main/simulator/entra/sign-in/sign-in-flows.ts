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
import { waysOf, type SignInWay } from './sign-in-ways.ts';

/** `elsewhere`: the person's domain signs them in. `admit`: who it is is known, and nothing has been granted yet. */
export type Step =
  | 'name'
  | 'pass'
  | 'password'
  | 'key'
  | 'choose'
  | 'approve'
  | 'elsewhere'
  | 'admit'
  | 'proofup'
  | 'stay'
  | 'finish';

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
  /** Ways that would be enough where another was not; null: all the person has. */
  enough: readonly SignInWay[] | null;
  /** A session that was there already: nobody is asked about it again. */
  readonly resumed: boolean;
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
    const flow = this.#open(request, browserId, null);
    if (request.loginHint && request.prompt !== 'select_account') {
      this.giveName(flow, request.loginHint);
      if (flow.step === 'name') flow.problem = null; // a hint that leads nowhere is only filled in
    }
    return flow;
  }

  /** Goes on from a session this browser has: what the tenant asks of sign-ins is asked of it again. */
  resume(request: AuthorizeRequest, browserId: string, session: SignInSession): SignInFlow {
    return this.#open(request, browserId, session);
  }

  #open(request: AuthorizeRequest, browserId: string, session: SignInSession | null): SignInFlow {
    const user = session && this.#core.directory.find(session.userId);
    const nowMs = this.#core.time.nowMs();
    for (const [ctx, flow] of this.#flows) if (nowMs - flow.startedAtNowMs > FLOW_LIFETIME_MS) this.#flows.delete(ctx);
    const flow: SignInFlow = {
      ctx: randomToken(this.#core.randomBytes, 32),
      browserId,
      request,
      startedAtNowMs: nowMs,
      step: session ? 'admit' : 'name',
      userName: user?.upn ?? request.loginHint ?? '',
      userId: user?.objectId ?? null,
      problem: null,
      approvalId: null,
      challengeId: null,
      session,
      enough: null,
      resumed: session !== null,
      staySignedIn: false,
    };
    this.#flows.set(flow.ctx, flow);
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
    if (user.external) {
      flow.problem = { text: 'nameForeign', aadsts: aadsts.foreignUser.code };
      return;
    }
    flow.userId = user.objectId;
    flow.userName = user.upn;
    const [preferred = 'password'] = this.ways(user);
    // A pass, a key or a phone of ours comes before the domain's own sign-in.
    if (preferred === 'password' && this.#core.directory.isFederated(user)) flow.step = 'elsewhere';
    else this.#goTo(flow, user, preferred);
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
    this.#signedIn(flow, outcome.user, 'securityKey', outcome.passkey.aaguid);
  }

  givePassword(flow: SignInFlow, password: string): void {
    flow.problem =
      password === '' ? { text: 'passwordEmpty', aadsts: null } : { text: 'passwordWrong', aadsts: aadsts.passwordWrong.code };
  }

  chooseWay(flow: SignInFlow, way: string): void {
    const user = this.userOf(flow);
    if (!user) return this.#backToName(flow);
    const chosen = (flow.enough ?? this.ways(user)).find((known) => known === way);
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
        if (!user.accountEnabled) flow.problem = { text: 'accountDisabled', aadsts: aadsts.disabledUser.code };
        else if (this.#core.directory.phonesForSignIn(user).length === 0)
          flow.problem = { text: 'phoneNotAllowed', aadsts: aadsts.phoneNotAllowed.code };
        else this.#signedIn(flow, user, 'phoneSignIn');
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

  ways(user: User): readonly SignInWay[] {
    return waysOf(this.#core, user);
  }

  /** What the person showed was right and is not enough for what they want. */
  askForAnotherWay(flow: SignInFlow, ways: readonly SignInWay[]): void {
    flow.session = null;
    flow.enough = ways;
    flow.step = 'choose';
    flow.problem = { text: 'wayNotEnough', aadsts: aadsts.strongerSignInNeeded.code };
  }

  /** Nothing stands in the way any more. */
  admitted(flow: SignInFlow): void {
    const asks = flow.request.app.inBrowser && !flow.resumed && this.#core.directory.policy.signIn.askToStaySignedIn;
    flow.step = asks ? 'stay' : 'finish';
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

  #signedIn(flow: SignInFlow, user: User, way: SignInSession['way'], aaguid: string | null = null): void {
    flow.session = this.#core.signIns.start(user, way, aaguid);
    flow.problem = null;
    flow.step = 'admit';
  }

  #backToName(flow: SignInFlow): void {
    flow.step = 'name';
    flow.userId = null;
    flow.problem = null;
  }
}

const STEP_OF_WAY = { accessPass: 'pass', securityKey: 'key', phoneSignIn: 'approve', password: 'password' } as const;

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
