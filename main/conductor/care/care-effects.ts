// What the care machine asks for. Everything that is done to a key with its PIN is journalled before and after: which deed on
// which model, never whose account.
import type { CareDeedName } from '../../../contract/care.ts';
import type { FingerprintSample, KeyCarePort, KeyInspection } from '../../ports/key-care.ts';
import type { Ceremony, KeyProgress, KeyRef } from '../../ports/key.ts';
import type { JournalEvent } from '../../ports/journal.ts';
import type { Outcome } from '../../ports/outcome.ts';
import type { Secret, SecretTicket } from '../../ports/secret.ts';
import type { CareEffects, DeedOnKey, DeedResult, EraseInput, SeenKey } from '../../session/care/care-effect.ts';
import type { CareFact } from '../../session/care/care-event.ts';
import { collectPin } from '../collect-pin.ts';
import type { EffectRunner } from '../effect-runner.ts';
import { effect, granted } from '../effect-runner.ts';
import type { PinCollector } from '../pin-collector.ts';
import type { SecretCells } from '../secret-cells.ts';
import type { CarePorts } from './care-ports.ts';
import { careDeadlines } from './care-ports.ts';

export interface CareEffectParts {
  readonly ports: CarePorts;
  readonly runner: EffectRunner;
  readonly cells: SecretCells;
  readonly tell: (fact: CareFact) => void;
  /** The collector that takes presses now; null when none does. */
  readonly onCollector: (collector: PinCollector | null) => void;
}

const onlyChanged: DeedResult = { accounts: null, fingerprints: null };

export function careEffectsOf({ ports, runner, cells, tell, onCollector }: CareEffectParts): CareEffects {
  const { care, keyboard } = ports;
  const { record } = runner;
  const onProgress = (progress: KeyProgress): void => tell({ type: 'key.progress', progress });
  const onSample = (sample: FingerprintSample): void => tell({ type: 'care.sample', sample });
  const secretOf = (ticket: SecretTicket | null): Secret | null => ticket && cells.get(ticket);

  const journalled = <T>(deed: CareDeedName, { description, serial }: KeyInspection, act: () => Promise<Outcome<T>>) =>
    record.around(
      { event: 'care.doing', deed, model: description.model, aaguid: description.aaguid, serial },
      act,
      (result): JournalEvent =>
        result.ok ? { event: 'care.done', deed } : { event: 'care.notDone', deed, reason: result.reason.code },
    );

  return {
    inspect: effect('inspect', runner, ({ key }: { readonly key: KeyRef }, signal) =>
      care.inspect(key, { signal, deadlineMs: careDeadlines.inspectMs }),
    ),

    inspectAll: effect('inspectAll', runner, async ({ keys }: { readonly keys: readonly KeyRef[] }, signal) => {
      const seen = keys.map(async (key): Promise<SeenKey> => {
        const told = await care.inspect(key, { signal, deadlineMs: careDeadlines.inspectMs });
        return { key, inspection: told.ok ? told.value : null };
      });
      return granted<readonly SeenKey[]>(await Promise.all(seen));
    }),

    select: effect('select', runner, (_: Record<string, never>, signal) =>
      care.selectTouched([], { signal, deadlineMs: careDeadlines.performMs }),
    ),

    perform: effect('perform', runner, (input: DeedOnKey, signal) =>
      journalled(input.deed.deed, input.inspection, () =>
        perform(care, input, {
          pin: secretOf(input.pin),
          newPin: secretOf(input.newPin),
          ceremony: { signal, deadlineMs: careDeadlines.performMs, onProgress },
          onSample,
        }),
      ),
    ),

    erase: effect('erase', runner, ({ key, meant, inspection }: EraseInput, signal) =>
      journalled('erase', inspection, () => care.reset(key, meant, { signal, deadlineMs: careDeadlines.eraseMs, onProgress })),
    ),

    collectPin: collectPin({ keyboard, cells, tell, onCollector }),
  };
}

interface Circumstances {
  readonly pin: Secret | null;
  readonly newPin: Secret | null;
  readonly ceremony: Ceremony;
  readonly onSample: (sample: FingerprintSample) => void;
}

async function perform(
  care: KeyCarePort,
  { key, deed }: DeedOnKey,
  { pin, newPin, ceremony, onSample }: Circumstances,
): Promise<Outcome<DeedResult>> {
  switch (deed.deed) {
    case 'setPin':
      return changed(await care.setPin(key, present(newPin), ceremony));
    case 'changePin':
      return changed(await care.changePin(key, present(pin), present(newPin), ceremony));
    case 'readAccounts': {
      const accounts = await care.accounts(key, present(pin), ceremony);
      return accounts.ok ? granted({ ...onlyChanged, accounts: accounts.value }) : accounts;
    }
    case 'deleteAccount':
      return changed(await care.deleteAccount(key, deed.account.credentialIdB64u, present(pin), ceremony));
    case 'readFingerprints': {
      const fingerprints = await care.fingerprints(key, present(pin), ceremony);
      return fingerprints.ok ? granted({ ...onlyChanged, fingerprints: fingerprints.value }) : fingerprints;
    }
    case 'teach':
      return changed(
        await care.enrollFingerprint(key, deed.name, present(pin), {
          ...ceremony,
          deadlineMs: careDeadlines.teachMs,
          onSample,
        }),
      );
    case 'rename':
      return changed(await care.renameFingerprint(key, { ...deed.fingerprint, name: deed.name }, present(pin), ceremony));
    case 'removeFingerprint':
      return changed(await care.removeFingerprint(key, deed.fingerprint.templateIdB64u, present(pin), ceremony));
    case 'configure':
      return changed(await care.configure(key, deed.change, pin, ceremony));
    default:
      throw new Error(`key care: nobody does ${JSON.stringify(deed satisfies never)}`);
  }
}

const changed = (outcome: Outcome<unknown>): Outcome<DeedResult> => (outcome.ok ? granted(onlyChanged) : outcome);

function present(secret: Secret | null): Secret {
  if (secret === null) throw new Error('key care: a PIN is missing');
  return secret;
}
