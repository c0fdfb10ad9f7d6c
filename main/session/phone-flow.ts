// Authenticator on the person's own phone: the code on Microsoft's page or the pass typed in the app; the desk watches
// the directory and goes on by itself.
import { assign, setup } from 'xstate';
import type { Language } from '../../contract/intent.ts';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { HostSeen } from '../../contract/snapshot.ts';
import type { PhoneMethod } from '../ports/directory.ts';
import { effects } from './effect.ts';
import type { SessionEvent } from './event.ts';
import { granted, itsReason } from './outcome-reading.ts';
import { hostSeen } from './sign-in-flow.ts';

export interface PhoneFlowInput {
  readonly language: Language;
  readonly known: readonly PhoneMethod[];
  /** The pass can be typed a second time, on the phone. */
  readonly inAppPossible: boolean;
}

export type PhoneFlowOutput =
  | { readonly kind: 'signInOn'; readonly atMs: number }
  /** Registered for approvals, but phone sign-in was not turned on. */
  | { readonly kind: 'skipped'; readonly registeredAtMs: number | null }
  | { readonly kind: 'back' };

interface PhoneFlowContext extends PhoneFlowInput {
  readonly way: 'code' | 'inApp';
  readonly host: HostSeen | null;
  readonly registeredAtMs: number | null;
  readonly signInOnAtMs: number | null;
  readonly phoneName: string | null;
  readonly notice: Reason | null;
  /** Why the desk can't see any more what becomes of the phone. */
  readonly unseen: Reason | null;
  readonly reason: Reason | null;
  readonly skipped: boolean;
}

export const phoneFlow = setup({
  types: {
    context: {} as PhoneFlowContext,
    events: {} as SessionEvent,
    input: {} as PhoneFlowInput,
    output: {} as PhoneFlowOutput,
  },
  actors: effects,
  guards: {
    inAppPossible: ({ context }) => context.inAppPossible,
  },
  actions: {
    showHost: assign(({ event }) => (event.type === 'page.host' ? { host: hostSeen(event.host, event.verified) } : {})),
    showBlocked: assign({ notice: because('signIn.pageBlocked') }),
    hideHost: assign({ host: null }),
    clearNotice: assign({ notice: null }),
    byCode: assign({ way: 'code', notice: null }),
    inApp: assign({ way: 'inApp', notice: null, host: null }),
    noteRegistered: assign(({ event }) =>
      event.type === 'phoneFact.registered' ? { registeredAtMs: event.atMs, phoneName: event.name } : {},
    ),
    noteSignInOn: assign(({ context, event }) =>
      event.type === 'phoneFact.signInOn'
        ? {
            signInOnAtMs: event.atMs,
            registeredAtMs: context.registeredAtMs ?? event.atMs,
            phoneName: event.name ?? context.phoneName,
          }
        : {},
    ),
    /** A pass that is over opens no app either. */
    noteUnseen: assign(({ context, event }) =>
      event.type === 'phoneFact.unseen'
        ? { unseen: event.reason, inAppPossible: context.inAppPossible && event.reason.code !== 'pass.expired' }
        : {},
    ),
    noteRefusal: assign((_, reason: Reason) => ({ reason, host: null })),
    noteSkipped: assign({ skipped: true }),
  },
}).createMachine({
  id: 'phoneFlow',
  context: ({ input }) => ({
    ...input,
    way: 'code',
    host: null,
    registeredAtMs: null,
    signInOnAtMs: null,
    phoneName: null,
    notice: null,
    unseen: null,
    reason: null,
    skipped: false,
  }),
  initial: 'watching',
  output: ({ context }) => {
    if (context.signInOnAtMs !== null) return { kind: 'signInOn', atMs: context.signInOnAtMs };
    return context.skipped ? { kind: 'skipped', registeredAtMs: context.registeredAtMs } : { kind: 'back' };
  },
  states: {
    // The watch goes on whichever of its screens is up: people find their own way through the app.
    watching: {
      invoke: { src: 'watchPhone', input: ({ context }) => ({ known: context.known }) },
      on: {
        'phoneFact.registered': { actions: 'noteRegistered' },
        'phoneFact.signInOn': { target: 'signInOn', actions: 'noteSignInOn' },
        'phoneFact.unseen': { actions: 'noteUnseen' },
        'phone.skip': { target: 'leaving', actions: 'noteSkipped' },
      },
      initial: 'opening',
      states: {
        opening: {
          entry: 'byCode',
          invoke: {
            src: 'openSecurityInfo',
            input: ({ context }) => ({ language: context.language }),
            onDone: [
              { guard: granted, target: 'showingCode' },
              { target: '#phoneFlow.trouble', actions: { type: 'noteRefusal', params: itsReason } },
            ],
          },
          on: {
            'page.host': { actions: 'showHost' },
            'page.failed': {
              target: '#phoneFlow.trouble',
              actions: { type: 'noteRefusal', params: because('signIn.pageFailed') },
            },
            back: '#phoneFlow.leaving',
          },
        },
        showingCode: {
          on: {
            'page.host': { actions: 'showHost' },
            'page.blocked': { actions: 'showBlocked' },
            'page.failed': {
              target: '#phoneFlow.trouble',
              actions: { type: 'noteRefusal', params: because('signIn.pageFailed') },
            },
            'phone.noApp': 'gettingApp',
            'phone.inApp': { guard: 'inAppPossible', target: 'inApp' },
            back: '#phoneFlow.leaving',
          },
        },
        gettingApp: {
          entry: 'hideHost',
          on: { 'phone.haveApp': 'opening', back: 'opening' },
        },
        inApp: {
          entry: 'inApp',
          on: { 'phone.showCode': 'opening', back: 'opening' },
        },
      },
    },
    trouble: {
      invoke: { src: 'noteTrouble', input: ({ context }) => ({ reason: context.reason ?? because('signIn.pageFailed') }) },
      on: { tryAgain: 'watching', 'phone.skip': { target: 'leaving', actions: 'noteSkipped' }, back: 'leaving' },
    },
    signInOn: { type: 'final' },
    leaving: { type: 'final' },
  },
});
