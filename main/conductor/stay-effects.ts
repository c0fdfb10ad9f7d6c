// What the stay and its other flows ask for: begin, sign in, watch the phone, close the pass, print, wipe.
import { fromCallback, fromPromise } from 'xstate';
import type { CardSnapshot } from '../../contract/card.ts';
import type { Language } from '../../contract/intent.ts';
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { Reason } from '../../contract/reason.ts';
import { because } from '../../contract/reason.ts';
import type { Finding, PassEnd, WayIn } from '../../contract/snapshot.ts';
import type { PassFacts, PhoneMethod } from '../ports/directory.ts';
import type { JournalEvent, StayEnd } from '../ports/journal.ts';
import type { AnswerTicket } from '../ports/page.ts';
import { passLeftAlone } from '../session/pass-end.ts';
import type { AccountFacts, Effects, SecondFactorEnd } from '../session/effect.ts';
import type { Fact, PhoneFact } from '../session/event.ts';
import { collectPin } from './collect-pin.ts';
import type { DeskPorts } from './desk-ports.ts';
import { deadlines } from './desk-ports.ts';
import type { DeskKnowledgeKeeper } from './desk-knowledge.ts';
import type { Gate } from './gate.ts';
import type { EffectRunner } from './effect-runner.ts';
import type { KeyEffects } from './key-effects.ts';
import { effect, granted, refused } from './effect-runner.ts';
import { watchPhone } from './phone-watch.ts';
import type { PinCollector } from './pin-collector.ts';
import type { MadeCredentials } from './made-credentials.ts';
import type { CutOffStay } from './recovery.ts';
import { preferPhone } from './prefer-phone.ts';
import type { SecretCells } from './secret-cells.ts';

export interface StayEffectParts {
  readonly ports: DeskPorts;
  readonly runner: EffectRunner;
  readonly cells: SecretCells;
  readonly credentials: MadeCredentials;
  readonly cutOff: readonly CutOffStay[];
  readonly knowledge: DeskKnowledgeKeeper;
  readonly gate: Gate;
  readonly tell: (fact: Fact) => void;
  /** The collector that takes presses now; null when none does. */
  readonly onCollector: (collector: PinCollector | null) => void;
}

function phoneEvent(fact: PhoneFact): JournalEvent {
  switch (fact.type) {
    case 'phoneFact.registered':
      return { event: 'phone.registered' };
    case 'phoneFact.signInOn':
      return { event: 'phone.signInOn' };
    case 'phoneFact.unseen':
      return { event: 'trouble', reason: fact.reason.code, status: fact.reason.detail?.status ?? null };
    default:
      return fact satisfies never;
  }
}

type StayEffects = Omit<Effects, keyof KeyEffects>;

export function stayEffects({
  ports,
  runner,
  cells,
  credentials,
  cutOff,
  knowledge,
  gate,
  tell,
  onCollector,
}: StayEffectParts): StayEffects {
  const { directory, identity, page, keys, print, keyboard, clock, settings, tenant } = ports;
  const { record } = runner;
  const call = (signal: AbortSignal) => ({ signal, deadlineMs: deadlines.directoryMs });

  /** What this stay made on keys and neither finished nor took back. */
  const leftOnKeys = async (signal: AbortSignal): Promise<readonly Finding[]> => {
    const findings: Finding[] = [];
    for (const { made, model, atMs, sent } of credentials.take()) {
      const { credentialIdB64u } = made;
      const isSaved = sent && (await directory.waitUntilListed(made, { signal, deadlineMs: deadlines.lastLookMs })).ok;
      await record.write(
        isSaved
          ? { event: 'registration.accepted', credentialIdB64u }
          : { event: 'credential.left', credentialIdB64u, reason: 'key.accountLeft' },
      );
      findings.push({ code: isSaved ? 'keySavedNotTested' : 'keyMadeNotSaved', atMs, model });
    }
    return findings;
  };

  return {
    beginStay: effect('beginStay', runner, async () => {
      const shut = ports.mayServe();
      if (shut !== null) {
        await record.write({ event: 'settings.refused', reason: shut.code, detail: shut.detail?.statusName ?? null });
        return refused(shut);
      }
      record.begin(ports.newStayId());
      const unwritten = await record.write({ event: 'stay.begun' });
      return unwritten ? refused(unwritten) : granted(await knowledge.soon());
    }),

    lookAgain: effect('lookAgain', runner, async () => granted(await knowledge.again())),

    noteElsewhere: fromPromise<null, { readonly reason: Reason }>(async ({ input: { reason } }) => {
      await record.write({ event: 'gate.refused', reason: reason.code });
      return null;
    }),

    noteForetold: fromPromise<null, { readonly codes: readonly ForetoldCode[] }>(async ({ input: { codes } }) => {
      await record.write({ event: 'plan.foretold', codes: [...codes] });
      return null;
    }),

    openSignIn: effect('openSignIn', runner, async ({ language }: { readonly language: Language }, signal) => {
      // Again, for some time has passed: whoever carries the desk away meanwhile gets no pass typed into it.
      const { elsewhere } = gate.isSet ? await gate.look(signal) : { elsewhere: null };
      if (elsewhere !== null) return refused(elsewhere);
      const start = await identity.begin({ uiLocale: language });
      if (!start.ok) return start;
      await page.open({ url: start.value.url, redirectPrefix: start.value.redirectPrefix, language });
      return granted(null);
    }),

    redeem: effect('redeem', runner, async ({ answer }: { readonly answer: AnswerTicket }, signal) => {
      const answerUrl = page.takeAnswer(answer);
      if (answerUrl === null) return refused(because('signIn.pageFailed'));
      const account = await identity.redeem(answerUrl, signal);
      if (!account.ok) return account;
      const elsewhere = gate.refusesSignInFrom(account.value.seenFrom);
      if (elsewhere !== null) {
        await identity.forget();
        return refused(elsewhere);
      }
      const signedInAtMs = clock.wallMs();
      const { objectId } = account.value;
      const [arrival, standing] = await Promise.all([
        directory.arrival(call(signal)),
        tenant === null ? null : tenant.person(objectId, { signal, deadlineMs: deadlines.standingMs }),
      ]);
      if (!arrival.ok) return arrival;
      const { profile, pass, phones } = arrival.value;
      await record.write({ event: 'stay.signedIn', objectId });
      const facts: AccountFacts = {
        account: account.value,
        profile,
        // All three only help to plan; without the right to read them the journey still works.
        pass: pass.ok ? pass.value : null,
        phones: phones.ok ? phones.value : [],
        standing: standing?.ok ? standing.value : null,
        signedInAtMs,
      };
      return granted(facts);
    }),

    openSecurityInfo: effect('openSecurityInfo', runner, async ({ language }: { readonly language: Language }) => {
      await page.open({ url: settings.securityInfoUrl, redirectPrefix: null, language });
      return granted(null);
    }),

    collectPin: collectPin({ keyboard, cells, tell, onCollector }),

    watchPhone: fromCallback<{ type: 'none' }, { readonly known: readonly PhoneMethod[] }>(({ input }) =>
      watchPhone({
        clock,
        directory,
        known: input.known,
        deadlineMs: deadlines.directoryMs,
        onBug: ports.onBug,
        tell: (fact) => {
          void record.write(phoneEvent(fact));
          tell(fact);
        },
      }),
    ),

    preferPhone: fromPromise<SecondFactorEnd, Record<string, never>>(async ({ signal }) => {
      try {
        return await preferPhone(directory, record, call(signal));
      } catch (thrown) {
        if (!signal.aborted) ports.onBug(thrown);
        return 'left';
      }
    }),

    closePass: fromPromise<PassEnd, { readonly pass: PassFacts | null }>(async ({ input: { pass }, signal }) => {
      const kept = passLeftAlone(pass);
      if (pass === null || !settings.mayDeletePass) return kept;
      try {
        const deleted = await record.around(
          { event: 'pass.deleting' },
          () => directory.deletePass(pass.methodId, call(signal)),
          (result) => (result.ok ? { event: 'pass.deleted' } : { event: 'pass.kept', reason: result.reason.code }),
        );
        return deleted.ok ? { kind: 'deleted' } : kept;
      } catch (thrown) {
        if (!signal.aborted) ports.onBug(thrown);
        return kept;
      }
    }),

    printCard: effect('printCard', runner, ({ card }: { readonly card: CardSnapshot }) => print.print(card)),

    noteTrouble: fromPromise<null, { readonly reason: Reason }>(async ({ input: { reason } }) => {
      await record.write({ event: 'trouble', reason: reason.code, status: reason.detail?.status ?? null });
      return null;
    }),

    wipe: effect('wipe', runner, async ({ how, ways }: { readonly how: StayEnd; readonly ways: readonly WayIn[] }, signal) => {
      await record.write({ event: 'stay.ended', how, ways: [...ways] });
      cells.keepOnly([]);
      print.forget();
      const [leftovers] = await Promise.all([page.forget(), keys.forget()]);
      // The last who could tell goes last.
      const findings = await leftOnKeys(signal);
      await identity.forget();
      const unwritten = await record.write({ event: 'stay.wiped', leftovers: leftovers.length });
      record.end();
      if (leftovers.length > 0) return refused(because('desk.wipeFailed'));
      return unwritten ? refused(unwritten) : granted(findings);
    }),

    acknowledge: effect('acknowledge', runner, async () => {
      for (const { stay, findings } of cutOff) {
        const unwritten = await record.writeOf(stay, {
          event: 'stay.foundCutOff',
          findings: findings.map((finding) => finding.code),
        });
        if (unwritten) return refused(unwritten);
      }
      return granted(null);
    }),

    reopen: effect('reopen', runner, async () => {
      const shut = ports.mayServe();
      if (shut !== null) return refused(shut);
      const leftovers = await page.forget();
      if (leftovers.length > 0) return refused(because('desk.wipeFailed'));
      const unwritten = await record.write({ event: 'desk.reopened' });
      return unwritten ? refused(unwritten) : granted(null);
    }),
  };
}
