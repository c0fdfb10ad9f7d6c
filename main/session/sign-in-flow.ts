// Signing in on Microsoft's page. The desk sees addresses and numbers, never what is typed.
import { assign, setup } from 'xstate';
import { reasonForAadsts } from '../../contract/aadsts.ts';
import type { Language } from '../../contract/intent.ts';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { HostSeen, SignInStep } from '../../contract/snapshot.ts';
import type { AnswerTicket, PagePlace } from '../ports/page.ts';
import type { AccountFacts } from './effect.ts';
import { effects } from './effect.ts';
import type { SessionEvent } from './event.ts';
import type { SignInCall } from './key/key-context.ts';
import { granted, itsReason, valueOf } from './outcome-reading.ts';

/** The page as it stood when a key was asked for; it is still up. */
export interface PageStanding {
  readonly host: HostSeen | null;
  readonly step: SignInStep;
  /** It has the key's answer. */
  readonly withKey: boolean;
}

export interface SignInFlowInput {
  /** Null: the page is opened anew. */
  readonly standing: PageStanding | null;
  readonly language: Language;
  /** The phone came first: the pass is used up, so the phone approves this sign-in. */
  readonly withPhone: boolean;
}

export type SignInFlowOutput =
  | { readonly kind: 'signedIn'; readonly facts: AccountFacts; readonly withKey: boolean }
  /** The page waits for a key. */
  | { readonly kind: 'keyAsked'; readonly call: SignInCall; readonly standing: PageStanding }
  | { readonly kind: 'back' };

interface SignInFlowContext extends SignInFlowInput {
  readonly step: SignInStep;
  readonly host: HostSeen | null;
  readonly notice: Reason | null;
  readonly keyboard: boolean;
  readonly answer: AnswerTicket | null;
  readonly reason: Reason | null;
  readonly facts: AccountFacts | null;
  /** The key's answer is what the page goes on with. */
  readonly withKey: boolean;
  readonly call: SignInCall | null;
}

export const signInFlow = setup({
  types: {
    context: {} as SignInFlowContext,
    events: {} as SessionEvent,
    input: {} as SignInFlowInput,
    output: {} as SignInFlowOutput,
  },
  actors: effects,
  actions: {
    takenByPage: () => undefined,
    showHost: assign(({ event }) => (event.type === 'page.host' ? { host: hostSeen(event.host, event.verified) } : {})),
    showPlace: assign(({ context, event }) =>
      event.type === 'page.place'
        ? {
            step: stepAt(event.place, context.step),
            withKey: context.withKey && !otherWays.includes(event.place),
            notice: isBeingAsked(event.place, context.notice) ? because('signIn.moreAsked') : null,
          }
        : {},
    ),
    showRefusal: assign(({ event }) =>
      event.type === 'page.refusal' ? { notice: reasonForAadsts(event.aadsts), withKey: false } : {},
    ),
    showBlocked: assign({ notice: because('signIn.pageBlocked') }),
    keepAnswer: assign(({ event }) =>
      event.type === 'page.answered' ? { answer: event.answer, step: 'finishing' as const, keyboard: false } : {},
    ),
    noteRefusal: assign((_, reason: Reason) => ({ reason, host: null, keyboard: false })),
    noteFacts: assign((_, facts: AccountFacts) => ({ facts })),
    noteCall: assign(({ event }) =>
      event.type === 'page.signInAsked' ? { call: { ask: event.ask, request: event.request }, keyboard: false } : {},
    ),
    showKeyboard: assign({ keyboard: true }),
    hideKeyboard: assign({ keyboard: false }),
    begin: assign({ step: 'name', host: null, notice: null, keyboard: false, answer: null, reason: null, withKey: false }),
  },
  guards: { standsAlready: ({ context }) => context.standing !== null },
}).createMachine({
  id: 'signInFlow',
  context: ({ input }) => ({
    ...input,
    step: input.standing?.step ?? 'name',
    host: input.standing?.host ?? null,
    notice: null,
    keyboard: false,
    answer: null,
    reason: null,
    facts: null,
    withKey: input.standing?.withKey ?? false,
    call: null,
  }),
  initial: 'beginning',
  output: ({ context: { facts, call, host, step, withKey } }) => {
    if (facts) return { kind: 'signedIn', facts, withKey };
    return call ? { kind: 'keyAsked', call, standing: { host, step, withKey: false } } : { kind: 'back' };
  },
  on: { 'page.host': { actions: 'showHost' } },
  states: {
    beginning: { always: [{ guard: 'standsAlready', target: 'showing' }, { target: 'opening' }] },
    opening: {
      entry: 'begin',
      invoke: {
        src: 'openSignIn',
        input: ({ context }) => ({ language: context.language }),
        onDone: [
          { guard: granted, target: 'showing' },
          { target: 'trouble', actions: { type: 'noteRefusal', params: itsReason } },
        ],
      },
      on: {
        // The page may be quicker than the promise that opened it.
        'page.place': { actions: 'showPlace' },
        'page.answered': { target: 'redeeming', actions: 'keepAnswer' },
        'page.failed': { target: 'trouble', actions: { type: 'noteRefusal', params: because('signIn.pageFailed') } },
        back: 'leaving',
      },
    },
    showing: {
      on: {
        'page.place': { actions: 'showPlace' },
        'page.refusal': { actions: 'showRefusal' },
        'page.blocked': { actions: 'showBlocked' },
        'page.signInAsked': { target: 'keyAsked', actions: 'noteCall' },
        'page.answered': { target: 'redeeming', actions: 'keepAnswer' },
        'page.failed': { target: 'trouble', actions: { type: 'noteRefusal', params: because('signIn.pageFailed') } },
        'keyboard.show': { actions: 'showKeyboard' },
        'keyboard.hide': { actions: 'hideKeyboard' },
        'keyboard.press': { actions: 'takenByPage' },
        back: 'leaving',
      },
    },
    redeeming: {
      invoke: {
        src: 'redeem',
        input: ({ context }) => {
          if (!context.answer) throw new Error('sign-in flow: the answer is missing');
          return { answer: context.answer };
        },
        onDone: [
          {
            guard: granted,
            target: 'signedIn',
            actions: { type: 'noteFacts', params: ({ event }) => valueOf(event.output) },
          },
          { target: 'trouble', actions: { type: 'noteRefusal', params: itsReason } },
        ],
      },
    },
    trouble: {
      invoke: {
        src: 'noteTrouble',
        input: ({ context }) => ({ reason: context.reason ?? because('signIn.refused') }),
      },
      on: { tryAgain: 'opening', back: 'leaving' },
    },
    signedIn: { type: 'final' },
    /** The key is the business of another flow; the page stays up, out of sight, and waits. */
    keyAsked: { type: 'final' },
    leaving: { type: 'final' },
  },
});

/** Where the page goes on with something else than the key's answer. */
const otherWays: readonly PagePlace[] = ['name', 'pass', 'approve', 'choose', 'password', 'elsewhere', 'key'];

/** The page's host as the shell verified it; null while nothing is loaded. */
export function hostSeen(host: string | null, verified: boolean): HostSeen | null {
  if (verified && host !== null) return { state: 'verified', host };
  return host === null ? null : { state: 'unverified', host };
}

/** What is asked for is set up on the pages for one more way. */
function isBeingAsked(place: PagePlace, notice: Reason | null): boolean {
  return place === 'moreAsked' || (place === 'addingWay' && notice?.code === 'signIn.moreAsked');
}

function stepAt(place: PagePlace, before: SignInStep): SignInStep {
  return place === 'securityInfo' || place === 'addingWay' || place === 'moreAsked' ? before : place;
}
