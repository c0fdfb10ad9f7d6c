import type { Outcome } from '../../ports/outcome.ts';
import { done, refusal, type CommandEnd, type CommandResult } from '../command-end.ts';
import { withNewPin, withPin } from './ask-pin.ts';
import { isOffered } from './offered.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';
import type { ChosenKey } from './choose-key.ts';

export async function setPin(context: CareContext, { ref, inspection }: ChosenKey): Promise<CommandEnd> {
  if (!isOffered(inspection, 'setPin')) return { end: 'notOffered', offer: 'setPin' };
  return withNewPin(context, inspection, async (pin) =>
    endOf(await context.port.setPin(ref, pin, ceremonyOf(context, deadlinesMs.hands)), { result: 'pinSet' }),
  );
}

export async function changePin(context: CareContext, { ref, inspection }: ChosenKey): Promise<CommandEnd> {
  if (!isOffered(inspection, 'changePin')) return { end: 'notOffered', offer: 'changePin' };
  return withPin(context, inspection, (oldPin) =>
    withNewPin(context, inspection, async (newPin) =>
      endOf(await context.port.changePin(ref, oldPin, newPin, ceremonyOf(context, deadlinesMs.hands)), { result: 'pinChanged' }),
    ),
  );
}

/** The end of a command whose last step answers nothing but that it is done. */
export function endOf(outcome: Outcome<null>, result: CommandResult): CommandEnd {
  return outcome.ok ? done(result) : refusal(outcome.reason);
}
