import type { KeyFingerprint } from '../../ports/key-care.ts';
import type { Secret } from '../../ports/secret.ts';
import { done, refusal, type CommandEnd } from '../command-end.ts';
import { fingerprintLine } from '../wording/render-text.ts';
import { confirmWords } from '../wording/words.ts';
import { withPin } from './ask-pin.ts';
import { isOffered } from './offered.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';
import type { ChosenKey } from './choose-key.ts';
import { confirmation } from './confirm.ts';
import { findEntry } from './find-entry.ts';
import { endOf } from './pin-actions.ts';

const notOffered: CommandEnd = { end: 'notOffered', offer: 'fingerprints' };
const offers = ({ inspection }: ChosenKey): boolean => isOffered(inspection, 'fingerprints');

export async function listFingerprints(context: CareContext, key: ChosenKey): Promise<CommandEnd> {
  if (!offers(key)) return notOffered;
  return withPin(context, key.inspection, async (pin) => {
    const outcome = await context.port.fingerprints(key.ref, pin, ceremonyOf(context, deadlinesMs.work));
    return outcome.ok ? done({ result: 'fingerprints', fingerprints: outcome.value }) : refusal(outcome.reason);
  });
}

export async function addFingerprint(context: CareContext, key: ChosenKey, name: string | null): Promise<CommandEnd> {
  if (!offers(key)) return notOffered;
  return withPin(context, key.inspection, async (pin) => {
    const outcome = await context.port.enrollFingerprint(key.ref, name ?? '', pin, {
      ...ceremonyOf(context, deadlinesMs.enrolment),
      onSample: (sample) => context.onStep({ step: 'sample', ...sample }),
    });
    return outcome.ok ? done({ result: 'fingerprintAdded', fingerprint: outcome.value }) : refusal(outcome.reason);
  });
}

export async function renameFingerprint(
  context: CareContext,
  key: ChosenKey,
  { fingerprint, name }: { readonly fingerprint: string; readonly name: string },
): Promise<CommandEnd> {
  return onFingerprint(context, key, fingerprint, async ({ templateIdB64u }, pin) => {
    const ceremony = ceremonyOf(context, deadlinesMs.work);
    const outcome = await context.port.renameFingerprint(key.ref, { templateIdB64u, name }, pin, ceremony);
    return endOf(outcome, { result: 'fingerprintRenamed' });
  });
}

export async function removeFingerprint(context: CareContext, key: ChosenKey, fingerprint: string): Promise<CommandEnd> {
  return onFingerprint(context, key, fingerprint, async (found, pin) => {
    const stopped = await confirmation(context, fingerprintLine(found), confirmWords.remove);
    if (stopped !== null) return stopped;
    const ceremony = ceremonyOf(context, deadlinesMs.work);
    const outcome = await context.port.removeFingerprint(key.ref, found.templateIdB64u, pin, ceremony);
    return endOf(outcome, { result: 'fingerprintRemoved' });
  });
}

async function onFingerprint(
  context: CareContext,
  key: ChosenKey,
  wanted: string,
  use: (fingerprint: KeyFingerprint, pin: Secret) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  if (!offers(key)) return notOffered;
  return withPin(context, key.inspection, async (pin) => {
    const listed = await context.port.fingerprints(key.ref, pin, ceremonyOf(context, deadlinesMs.work));
    if (!listed.ok) return refusal(listed.reason);
    const found = findEntry(listed.value, ({ templateIdB64u }) => templateIdB64u, wanted);
    return 'end' in found ? found : use(found.entry, pin);
  });
}
