// The key a command is about: the only one there is, the one that was named, or the one that is touched. Never a guess.
import type { Reason } from '../../../contract/reason.ts';
import type { KeyRef } from '../../ports/key.ts';
import type { KeyInspection } from '../../ports/key-care.ts';
import { refusal, usage, type CommandEnd } from '../command-end.ts';
import { isCalled, keyName } from '../key-name.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';

export interface ChosenKey {
  readonly ref: KeyRef;
  readonly inspection: KeyInspection;
}

/** Waits for one to be plugged in, and for a touch of one of several, where a person can be asked for it. */
export async function chooseKey(context: CareContext): Promise<ChosenKey | CommandEnd> {
  const { plugged, signal, terminal, options, onStep } = context;
  const somebodyIsThere = terminal.isInteractive && !options.json;
  await plugged.settled(signal);
  if (plugged.keys.length === 0 && plugged.obstacle === null && somebodyIsThere) {
    onStep({ step: 'insert' });
    await plugged.inserted([], deadlinesMs.plugging, signal);
  }
  const [only] = plugged.keys;
  if (only === undefined) return { end: 'noKey', reason: plugged.obstacle };
  const isNamed = options.key !== null;
  if (options.touch || (!isNamed && somebodyIsThere && plugged.keys.length > 1)) return touchedKey(context);
  const looked = await inspectAll(context, !isNamed && plugged.keys.length === 1 ? [only] : plugged.keys);
  return namedKey(looked, context);
}

function namedKey(looked: LookedAt, { options: { key: name }, plugged }: CareContext): ChosenKey | CommandEnd {
  const [first, ...others] = looked.keys;
  if (first === undefined) return nothingRead(looked, plugged.obstacle);
  const choices = looked.keys.map(nameAndModel);
  if (name === null) return others.length === 0 && looked.unreadable.length === 0 ? first : usage('severalKeys', choices);
  const [named, ...same] = looked.keys.filter(({ inspection }) => isCalled(inspection, name));
  if (named === undefined) return usage('noSuchKey', choices);
  return same.length === 0 ? named : usage('sameName');
}

async function touchedKey(context: CareContext): Promise<ChosenKey | CommandEnd> {
  const { port, onStep } = context;
  onStep({ step: 'choose' });
  // That they blink has just been said, and the touch of the one that is meant ends it.
  const { signal, deadlineMs } = ceremonyOf(context, deadlinesMs.hands);
  const touched = await port.selectTouched([], { signal, deadlineMs });
  if (!touched.ok) return refusal(touched.reason);
  const ref = touched.value;
  const inspected = await port.inspect(ref, ceremonyOf(context, deadlinesMs.work));
  return inspected.ok ? { ref, inspection: inspected.value } : refusal(inspected.reason);
}

export interface LookedAt {
  readonly keys: readonly ChosenKey[];
  readonly unreadable: readonly Reason[];
}

/** In the order given; keys that were pulled out meanwhile are left out. */
export async function inspectAll(context: CareContext, refs: readonly KeyRef[]): Promise<LookedAt> {
  const keys: ChosenKey[] = [];
  const unreadable: Reason[] = [];
  for (const ref of refs) {
    const outcome = await context.port.inspect(ref, ceremonyOf(context, deadlinesMs.work));
    if (outcome.ok) keys.push({ ref, inspection: outcome.value });
    else if (outcome.reason.code !== 'key.removed') unreadable.push(outcome.reason);
  }
  return { keys, unreadable };
}

/** The end of a command where no key could be looked at. */
export function nothingRead({ unreadable: [reason] }: LookedAt, obstacle: Reason | null): CommandEnd {
  return reason === undefined ? { end: 'noKey', reason: obstacle } : refusal(reason);
}

const nameAndModel = ({ inspection }: ChosenKey): string => `${keyName(inspection)} ${inspection.description.model}`;
