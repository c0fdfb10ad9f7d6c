// What the key flow asks for: PIN, credential, registration, proof. Each irreversible step is journalled before and after.
import { fromPromise } from 'xstate';
import type { CreationOptions, KeyProgress, KeyRef, MadeCredential, Ceremony, SignInRequest } from '../ports/key.ts';
import type { JournalEvent } from '../ports/journal.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { SecretTicket } from '../ports/secret.ts';
import { because } from '../../contract/reason.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { KeyAsk } from '../ports/page.ts';
import type { Effects, OnKey, OnRoute } from '../session/effect.ts';
import { replacedBy, type LeftOver, type Tidied } from '../session/key/left-overs.ts';
import { isAboutPin, saysNo } from '../session/key/registration-route.ts';
import type { DeskPorts } from './desk-ports.ts';
import { deadlines } from './desk-ports.ts';
import type { EffectRunner } from './effect-runner.ts';
import { effect, granted, refused } from './effect-runner.ts';
import type { MadeCredentials } from './made-credentials.ts';
import type { SecretCells } from './secret-cells.ts';

export interface KeyEffectParts {
  readonly ports: DeskPorts;
  readonly runner: EffectRunner;
  readonly cells: SecretCells;
  readonly credentials: MadeCredentials;
  /** Credentials that a stay before this one left open, and which stay that was. */
  readonly cutOffIn: Map<string, string>;
  readonly onProgress: (progress: KeyProgress) => void;
  readonly onLateKey: (key: KeyRef, made: MadeCredential) => void;
}

type Making = OnKey & {
  readonly options: CreationOptions;
  readonly pin: SecretTicket;
  readonly ask: KeyAsk | null;
  readonly leftOvers: readonly LeftOver[];
  readonly savedLate: MadeCredential | null;
};

interface Discarding {
  readonly key: KeyRef;
  readonly pin: SecretTicket;
  readonly leftOvers: readonly LeftOver[];
}

export type KeyEffects = Pick<
  Effects,
  | 'selectKey'
  | 'describeKey'
  | 'setPin'
  | 'changePin'
  | 'fetchOptions'
  | 'makeCredential'
  | 'registerKey'
  | 'waitListed'
  | 'answerPage'
  | 'waitSaved'
  | 'proveKey'
  | 'otherAccounts'
  | 'signIn'
  | 'answerSignIn'
  | 'settleKey'
  | 'discardKeys'
  | 'noteLeftOvers'
>;

/** The directory shows the key to people under this name (1–30 characters). */
const keyNameLength = 30;

export function keyEffects({ ports, runner, cells, credentials, cutOffIn, onProgress, onLateKey }: KeyEffectParts): KeyEffects {
  const { keys, page } = ports;
  const { record } = runner;
  /** Credentials of which the directory has not said a plain yes or no: they may have arrived. */
  const inDoubt = new Set<string>();

  const touchCeremony = (signal: AbortSignal): Ceremony => ({ signal, deadlineMs: deadlines.touchMs, onProgress });
  const quietCeremony = (signal: AbortSignal, deadlineMs: number): Ceremony => ({ signal, deadlineMs });
  /** A key that has to prove itself before it gets its PIN wants a finger too. */
  const pinCeremony = (signal: AbortSignal): Ceremony =>
    ports.settings.requireAttestation ? touchCeremony(signal) : quietCeremony(signal, deadlines.setPinMs);

  const setting = (on: OnKey, change: boolean): JournalEvent => ({
    event: 'pin.setting',
    model: on.description.model,
    aaguid: on.description.aaguid,
    change,
  });
  const wasSet = (result: Outcome<null>): JournalEvent =>
    result.ok ? { event: 'pin.set' } : { event: 'pin.notSet', reason: result.reason.code };

  const directoryOn = ({ route, objectId }: OnRoute): DirectoryPort | null =>
    route === 'self' ? ports.directory : (ports.directoryBy[route]?.(objectId) ?? null);

  const look = (on: OnRoute, made: MadeCredential, signal: AbortSignal, deadlineMs: number) =>
    (directoryOn(on) ?? ports.directory).waitUntilListed(made, { signal, deadlineMs });

  const noteAccepted = async (credentialIdB64u: string): Promise<void> => {
    inDoubt.delete(credentialIdB64u);
    credentials.settled(credentialIdB64u);
    await record.write({ event: 'registration.accepted', credentialIdB64u });
  };

  const noteListed = async ({ credentialIdB64u }: MadeCredential, wasAccepted: boolean): Promise<void> => {
    if (!wasAccepted) await noteAccepted(credentialIdB64u);
    await record.write({ event: 'registration.listed', credentialIdB64u });
  };

  /** The directory names the credentials that it holds: what was in doubt, here or in a stay that was cut off, is no longer. */
  const noteSaved = async ({ excludeCredentialIdsB64u }: CreationOptions, savedLate: MadeCredential | null): Promise<void> => {
    if (savedLate !== null) await noteAccepted(savedLate.credentialIdB64u);
    for (const credentialIdB64u of excludeCredentialIdsB64u) {
      const stay = cutOffIn.get(credentialIdB64u);
      if (stay === undefined) continue;
      cutOffIn.delete(credentialIdB64u);
      await record.writeOf(stay, { event: 'registration.accepted', credentialIdB64u });
    }
  };

  const madeLate = async (made: MadeCredential, model: string, madeOn: KeyRef): Promise<void> => {
    credentials.opened({ made, model, madeOn, atMs: ports.clock.wallMs() });
    onLateKey(madeOn, made);
    await record.write({ event: 'credential.made', credentialIdB64u: made.credentialIdB64u });
  };

  return {
    selectKey: effect('selectKey', runner, ({ except }: { readonly except: readonly KeyRef[] }, signal) =>
      keys.selectTouched(except, touchCeremony(signal)),
    ),

    describeKey: effect('describeKey', runner, (input: { readonly key: KeyRef }, signal) =>
      keys.describe(input.key, quietCeremony(signal, deadlines.lookAtKeyMs)),
    ),

    setPin: effect('setPin', runner, (input: OnKey & { readonly pin: SecretTicket }, signal) =>
      record.around(setting(input, false), () => keys.setPin(input.key, cells.get(input.pin), pinCeremony(signal)), wasSet),
    ),

    changePin: effect(
      'changePin',
      runner,
      (input: OnKey & { readonly oldPin: SecretTicket; readonly newPin: SecretTicket }, signal) =>
        record.around(
          setting(input, true),
          () => keys.changePin(input.key, cells.get(input.oldPin), cells.get(input.newPin), pinCeremony(signal)),
          wasSet,
        ),
    ),

    fetchOptions: effect('fetchOptions', runner, async (on: OnRoute, signal) => {
      const directory = directoryOn(on);
      if (directory === null) return refused(because('directory.routeNotSetUp'));
      const call = { signal, deadlineMs: deadlines.directoryMs };
      if (on.route !== 'self') {
        const ready = await directory.ready(call);
        // At a walk-up desk nobody has signed in for others, or no longer is.
        if (!ready.ok)
          return ready.reason.code === 'directory.tokenExpired' ? refused(because('directory.routeNotSetUp')) : ready;
      }
      return directory.creationOptions(call);
    }),

    makeCredential: effect(
      'makeCredential',
      runner,
      async ({ key, description: { model, aaguid }, options, pin, ask, leftOvers, savedLate }: Making, signal) => {
        await noteSaved(options, savedLate);
        const answer = await record.around(
          { event: 'credential.making', model, aaguid },
          () =>
            keys.makeCredential(key, options, cells.get(pin), {
              ...touchCeremony(signal),
              onLate: (late) => void madeLate(late, model, key),
            }),
          (result) =>
            result.ok
              ? { event: 'credential.made', credentialIdB64u: result.value.credentialIdB64u }
              : { event: 'credential.notMade', reason: result.reason.code },
        );
        if (answer.ok) {
          const made = answer.value;
          credentials.opened({ made, model, madeOn: key, atMs: ports.clock.wallMs() });
          const replaced = [...replacedBy(leftOvers, made, key).map((old) => old.made), ...credentials.olderThan(made, key)];
          for (const credentialIdB64u of new Set(replaced.map((old) => old.credentialIdB64u))) {
            await record.write({ event: 'credential.replaced', credentialIdB64u });
            credentials.settled(credentialIdB64u);
          }
        }
        // The one refusal that a page may tell apart (WebAuthn Level 3 §6.3.2): the key already holds one of its credentials.
        if (!answer.ok && ask !== null && answer.reason.code === 'key.alreadyRegistered')
          page.refuseKey(ask, 'InvalidStateError');
        return answer;
      },
    ),

    answerPage: effect('answerPage', runner, async ({ made, ask }: { readonly made: MadeCredential; readonly ask: KeyAsk }) => {
      const { credentialIdB64u } = made;
      const unwritten = await record.write({ event: 'registration.sending', credentialIdB64u });
      if (unwritten) return refused(unwritten);
      credentials.sent(credentialIdB64u);
      // What becomes of it on the page is journalled when the directory tells.
      if (await page.answerKey(ask, made)) return granted(null);
      const reason = because('signIn.pageFailed');
      await record.write({ event: 'registration.refused', credentialIdB64u, reason: reason.code, status: null, requestId: null });
      return refused(reason);
    }),

    waitSaved: effect('waitSaved', runner, async ({ made }: { readonly made: MadeCredential }, signal) => {
      const listed = await ports.directory.waitUntilListed(made, { signal, deadlineMs: deadlines.savedMs });
      if (listed.ok) await noteListed(made, false);
      return listed;
    }),

    otherAccounts: effect(
      'otherAccounts',
      runner,
      (input: OnKey & { readonly options: CreationOptions; readonly pin: SecretTicket }, signal) =>
        keys.otherAccounts(input.key, input.options.user.idB64u, cells.get(input.pin), touchCeremony(signal)),
    ),

    signIn: effect('signIn', runner, (input: OnKey & { readonly request: SignInRequest; readonly pin: SecretTicket }, signal) =>
      record.around(
        { event: 'keySignIn.asking', model: input.description.model, aaguid: input.description.aaguid },
        () => keys.signIn(input.key, input.request, cells.get(input.pin), touchCeremony(signal)),
        (result) => (result.ok ? { event: 'keySignIn.given' } : { event: 'keySignIn.refused', reason: result.reason.code }),
      ),
    ),

    answerSignIn: effect(
      'answerSignIn',
      runner,
      async (input: OnKey & { readonly account: number; readonly ask: KeyAsk }, signal) => {
        const signedIn = await keys.releaseSignIn(input.key, input.account, quietCeremony(signal, deadlines.lookAtKeyMs));
        if (!signedIn.ok) return signedIn;
        return page.answerSignIn(input.ask, signedIn.value) ? granted(null) : refused(because('signIn.pageFailed'));
      },
    ),

    registerKey: effect(
      'registerKey',
      runner,
      async ({ made, model, ...on }: OnRoute & { readonly made: MadeCredential; readonly model: string }, signal) => {
        const { credentialIdB64u } = made;
        const directory = directoryOn(on);
        if (directory === null) return refused(because('directory.routeNotSetUp'));
        const lookUp = () => directory.waitUntilListed(made, { signal, deadlineMs: deadlines.askAgainMs });
        if (inDoubt.has(credentialIdB64u)) {
          // Asking twice is free, sending twice is not: the directory may have taken it and only its answer was lost.
          const listed = await lookUp();
          if (listed.ok) {
            await noteAccepted(credentialIdB64u);
            return listed;
          }
        }
        const wasInDoubt = inDoubt.has(credentialIdB64u);
        const answer = await record.around(
          { event: 'registration.sending', credentialIdB64u },
          async () => {
            inDoubt.add(credentialIdB64u);
            credentials.sent(credentialIdB64u);
            const said = await directory.registerKey(made, nameFor(model), { signal, deadlineMs: deadlines.directoryMs });
            const mayBeThere = !said.ok && (said.reason.code === 'key.alreadyRegistered' || (wasInDoubt && saysNo(said.reason)));
            if (!mayBeThere) return said;
            // It may be the answer to an earlier try of ours.
            const listed = await lookUp();
            if (listed.ok) return listed;
            if (listed.reason.code === 'directory.notListed') return said;
            return saysNo(listed.reason) ? refused(because('directory.notListed')) : listed;
          },
          (result) =>
            result.ok
              ? { event: 'registration.accepted', credentialIdB64u }
              : {
                  event: 'registration.refused',
                  credentialIdB64u,
                  reason: result.reason.code,
                  status: result.reason.detail?.status ?? null,
                  requestId: result.reason.detail?.requestId ?? null,
                },
        );
        if (answer.ok || saysNo(answer.reason)) inDoubt.delete(credentialIdB64u);
        if (answer.ok) credentials.settled(credentialIdB64u);
        return answer;
      },
    ),

    waitListed: effect(
      'waitListed',
      runner,
      async ({ made, accepted, ...on }: OnRoute & { readonly made: MadeCredential; readonly accepted: boolean }, signal) => {
        const listed = await look(on, made, signal, deadlines.listedMs);
        if (listed.ok) await noteListed(made, accepted);
        return listed;
      },
    ),

    settleKey: effect('settleKey', runner, async ({ made, ...on }: OnRoute & { readonly made: MadeCredential }, signal) => {
      const listed = await look(on, made, signal, deadlines.settleMs);
      if (listed.ok) await noteListed(made, false);
      return listed;
    }),

    discardKeys: effect(
      'discardKeys',
      runner,
      async ({ key, pin, leftOvers }: Discarding, signal): Promise<Outcome<readonly Tidied[]>> => {
        const tidied: Tidied[] = [];
        for (const { made } of leftOvers) {
          const { credentialIdB64u } = made;
          const gone = await record.around(
            { event: 'credential.discarding', credentialIdB64u },
            () => keys.discard(key, credentialIdB64u, cells.get(pin), quietCeremony(signal, deadlines.discardMs)),
            (result) =>
              result.ok
                ? { event: 'credential.discarded', credentialIdB64u }
                : { event: 'credential.notDiscarded', credentialIdB64u, reason: result.reason.code },
          );
          if (gone.ok) credentials.settled(credentialIdB64u);
          else if (isAboutPin(gone.reason)) return gone;
          tidied.push({ credentialIdB64u, reason: gone.ok ? null : gone.reason });
        }
        return granted(tidied);
      },
    ),

    noteLeftOvers: fromPromise<null, { readonly leftOvers: readonly LeftOver[] }>(async ({ input: { leftOvers } }) => {
      for (const { made, reason } of leftOvers) {
        const { credentialIdB64u } = made;
        await record.write({ event: 'credential.left', credentialIdB64u, reason: reason?.code ?? 'key.accountLeft' });
        credentials.settled(credentialIdB64u);
      }
      return null;
    }),

    proveKey: effect(
      'proveKey',
      runner,
      async (input: OnKey & { readonly made: MadeCredential; readonly pin: SecretTicket }, signal) => {
        const { credentialIdB64u } = input.made;
        const proof = await keys.prove(input.key, input.made, cells.get(input.pin), touchCeremony(signal));
        await record.write(
          proof.ok
            ? { event: 'proof.given', credentialIdB64u }
            : { event: 'proof.refused', credentialIdB64u, reason: proof.reason.code },
        );
        return proof;
      },
    ),
  };
}

function nameFor(model: string): string {
  const name = [...model.trim()].slice(0, keyNameLength).join('');
  return name === '' ? 'Security key' : name;
}
