import type { KeyCareOffer, KeySettingChange } from '../../ports/key-care.ts';
import type { Secret } from '../../ports/secret.ts';
import type { CommandEnd } from '../command-end.ts';
import { confirmWords, settingWords } from '../wording/words.ts';
import { withPin } from './ask-pin.ts';
import { isOffered } from './offered.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';
import type { ChosenKey } from './choose-key.ts';
import { confirmation } from './confirm.ts';
import { endOf } from './pin-actions.ts';

const offerOf: Readonly<Record<KeySettingChange['setting'], KeyCareOffer>> = {
  minPinLength: 'minPinLength',
  // One sub-command sets both (CTAP 2.3 §6.11.4).
  forcePinChange: 'minPinLength',
  alwaysUv: 'alwaysUv',
  enterpriseAttestation: 'enterpriseAttestation',
  longTouchReset: 'longTouchReset',
};

export async function configureKey(
  context: CareContext,
  { ref, inspection }: ChosenKey,
  change: KeySettingChange,
): Promise<CommandEnd> {
  const offer = offerOf[change.setting];
  if (!isOffered(inspection, offer)) return { end: 'notOffered', offer };
  if (change.setting !== 'alwaysUv') {
    const stopped = await confirmation(context, settingWords(change), confirmWords.set);
    if (stopped !== null) return stopped;
  }
  const configure = async (pin: Secret | null) =>
    endOf(await context.port.configure(ref, change, pin, ceremonyOf(context, deadlinesMs.hands)), {
      result: 'configured',
      change,
    });
  return inspection.description.pin === 'none' ? configure(null) : withPin(context, inspection, configure);
}
