// What the key flow asks for: PIN, credential, registration, proof. Each irreversible step is journalled before and after.
import type { CreationOptions, KeyProgress, KeyRef, MadeCredential, Ceremony, SignInRequest } from '../ports/key.ts';
import type { JournalEvent } from '../ports/journal.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { SecretTicket } from '../ports/secret.ts';
import { because } from '../../contract/reason.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { KeyAsk } from '../ports/page.ts';
import type { Effects, OnKey, OnRoute } from '../session/effect.ts';
import type { DeskPorts } from './desk-ports.ts';
import { deadlines } from './desk-ports.ts';
import type { EffectRunner } from './effect-runner.ts';
import { effect, granted, refused } from './effect-runner.ts';
import type { SecretCells } from './secret-cells.ts';

export interface KeyEffectParts {
  readonly ports: DeskPorts;
  readonly runner: EffectRunner;
  readonly cells: SecretCells;
  readonly onProgress: (progress: KeyProgress) => void;
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
>;

/** The directory shows the key to people under this name (1–30 characters). */
const keyNameLength = 30;

export function keyEffects({ ports, runner, cells, onProgress }: KeyEffectParts): KeyEffects {
  const { keys, page } = ports;
  const { record } = runner;
  /** Credentials whose sending got no answer: they may have arrived all the same. */
  const unanswered = new Set<string>();

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
      async (
        input: OnKey & { readonly options: CreationOptions; readonly pin: SecretTicket; readonly ask: KeyAsk | null },
        signal,
      ) => {
        const answer = await record.around(
          { event: 'credential.making', model: input.description.model, aaguid: input.description.aaguid },
          () => keys.makeCredential(input.key, input.options, cells.get(input.pin), touchCeremony(signal)),
          (result) =>
            result.ok
              ? { event: 'credential.made', credentialIdB64u: result.value.credentialIdB64u }
              : { event: 'credential.notMade', reason: result.reason.code },
        );
        // The one refusal that a page may tell apart (WebAuthn Level 3 §6.3.2): the key already holds one of its credentials.
        if (!answer.ok && input.ask !== null && answer.reason.code === 'key.alreadyRegistered')
          page.refuseKey(input.ask, 'InvalidStateError');
        return answer;
      },
    ),

    answerPage: effect('answerPage', runner, async ({ made, ask }: { readonly made: MadeCredential; readonly ask: KeyAsk }) => {
      const { credentialIdB64u } = made;
      const unwritten = await record.write({ event: 'registration.sending', credentialIdB64u });
      if (unwritten) return refused(unwritten);
      // What becomes of it on the page is journalled when the directory tells.
      if (await page.answerKey(ask, made)) return granted(null);
      const reason = because('signIn.pageFailed');
      await record.write({ event: 'registration.refused', credentialIdB64u, reason: reason.code, status: null, requestId: null });
      return refused(reason);
    }),

    waitSaved: effect('waitSaved', runner, async ({ made }: { readonly made: MadeCredential }, signal) => {
      const { credentialIdB64u } = made;
      const listed = await ports.directory.waitUntilListed(made, { signal, deadlineMs: deadlines.savedMs });
      if (listed.ok) {
        await record.write({ event: 'registration.accepted', credentialIdB64u });
        await record.write({ event: 'registration.listed', credentialIdB64u });
      }
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
        if (unanswered.has(credentialIdB64u)) {
          // Asking twice is free, sending twice is not: the directory may have taken it and only its answer was lost.
          const listed = await directory.waitUntilListed(made, { signal, deadlineMs: deadlines.askAgainMs });
          if (listed.ok) {
            unanswered.delete(credentialIdB64u);
            await record.write({ event: 'registration.accepted', credentialIdB64u });
            return listed;
          }
        }
        return record.around(
          { event: 'registration.sending', credentialIdB64u },
          async () => {
            unanswered.add(credentialIdB64u);
            const answer = await directory.registerKey(made, nameFor(model), { signal, deadlineMs: deadlines.directoryMs });
            if (answer.ok || answer.reason.code !== 'directory.unreachable') unanswered.delete(credentialIdB64u);
            return answer;
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
      },
    ),

    waitListed: effect('waitListed', runner, async ({ made, ...on }: OnRoute & { readonly made: MadeCredential }, signal) => {
      const directory = directoryOn(on) ?? ports.directory;
      const listed = await directory.waitUntilListed(made, { signal, deadlineMs: deadlines.listedMs });
      if (listed.ok) await record.write({ event: 'registration.listed', credentialIdB64u: made.credentialIdB64u });
      return listed;
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
