// Erases a key. Keys allow it only in their first seconds with power, so the person is led through pulling it out, plugging
// it in and touching it; the key host compares what came back with what was meant.
import { because } from '../../../contract/reason.ts';
import { done, refusal, type CommandEnd } from '../command-end.ts';
import { keyName } from '../key-name.ts';
import { eraseWords } from '../wording/words.ts';
import { isOffered } from './offered.ts';
import { stepOf } from '../key-step.ts';
import { deadlinesMs, type CareContext } from './care-context.ts';
import type { ChosenKey } from './choose-key.ts';
import { confirmation } from './confirm.ts';

/**
 * How long a finger is told to stay for a long touch (CTAP 2.3 §6.11.5). Published tools say five or ten seconds, and keys don't
 * tell; a finger that stays longer than its key wants does no harm.
 */
const longTouchSeconds = 10;

export async function resetKey(context: CareContext, { ref, inspection }: ChosenKey): Promise<CommandEnd> {
  if (inspection.maker?.resetBlocked.includes('fido2') === true) return refusal(because('key.resetBlocked'));
  if (!isOffered(inspection, 'reset')) return { end: 'notOffered', offer: 'reset' };
  const { plugged, onStep, signal, port } = context;
  const { model } = inspection.description;
  const stopped = await confirmation(context, eraseWords(model), keyName(inspection));
  if (stopped !== null) return stopped;

  onStep({ step: 'remove', model });
  const timedOut = refusal(because('key.touchTimeout', { statusName: 'notReplugged' }));
  if (!(await plugged.removed(ref, deadlinesMs.plugging, signal))) return timedOut;
  // Others may stay where they are.
  const others = plugged.keys;
  const hold = inspection.longTouchForReset ? { holdSeconds: longTouchSeconds } : {};
  onStep({ step: 'insertAgain', model, withinSeconds: inspection.resetWindowMs / 1_000, ...hold });
  const again = await plugged.inserted(others, deadlinesMs.plugging, signal);
  if (again === null) return timedOut;
  const outcome = await port.reset(again, ref, {
    signal,
    deadlineMs: deadlinesMs.hands,
    onProgress: (progress) => onStep(progress === 'touchNeeded' ? { step: 'touch', ...hold } : stepOf(progress)),
  });
  return outcome.ok ? done({ result: 'erased', report: outcome.value }) : refusal(outcome.reason);
}
