// The key a command is about: the only one there is, or the one that was named. Never a guess.
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

/** Waits for one to be plugged in where a person can be asked for it. */
export async function chooseKey(context: CareContext): Promise<ChosenKey | CommandEnd> {
  const { plugged, signal, terminal, options, onStep } = context;
  await plugged.settled(signal);
  if (plugged.keys.length === 0 && plugged.obstacle === null && terminal.isInteractive && !options.json) {
    onStep({ step: 'insert' });
    await plugged.inserted([], deadlinesMs.plugging, signal);
  }
  const [only] = plugged.keys;
  if (only === undefined) return { end: 'noKey', reason: plugged.obstacle };
  const looked = await inspectAll(context, options.key === null && plugged.keys.length === 1 ? [only] : plugged.keys);
  const [first, ...others] = looked.keys;
  if (first === undefined) return nothingRead(looked, plugged.obstacle);
  const choices = looked.keys.map(nameAndModel);
  const name = options.key;
  if (name === null) return others.length === 0 && looked.unreadable.length === 0 ? first : usage('severalKeys', choices);
  const [named, ...same] = looked.keys.filter(({ inspection }) => isCalled(inspection, name));
  if (named === undefined) return usage('noSuchKey', choices);
  return same.length === 0 ? named : usage('sameName');
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
