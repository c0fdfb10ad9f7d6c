// How a command ended, before anybody has put it into words.
import type { Reason, ReasonCode } from '../../contract/reason.ts';
import type {
  KeyAccounts,
  KeyCareOffer,
  KeyFingerprint,
  KeyInspection,
  KeySettingChange,
  ResetReport,
} from '../ports/key-care.ts';
import { exitCodes } from './command.ts';

export type CommandResult =
  /** `unreadable`: why others that are plugged in could not be looked at. */
  | { readonly result: 'keys'; readonly keys: readonly KeyInspection[]; readonly unreadable: readonly Reason[] }
  | { readonly result: 'key'; readonly key: KeyInspection }
  | { readonly result: 'accounts'; readonly accounts: KeyAccounts }
  | { readonly result: 'fingerprints'; readonly fingerprints: readonly KeyFingerprint[] }
  | { readonly result: 'fingerprintAdded'; readonly fingerprint: KeyFingerprint }
  | { readonly result: 'configured'; readonly change: KeySettingChange }
  | { readonly result: 'erased'; readonly report: ResetReport }
  | { readonly result: 'pinSet' | 'pinChanged' | 'accountDeleted' | 'fingerprintRenamed' | 'fingerprintRemoved' };

/** What is wrong with what was typed, given or plugged in. */
export type UsageTrouble =
  | 'severalKeys'
  | 'noSuchKey'
  | 'sameName'
  | 'noSuchEntry'
  | 'severalEntries'
  | 'needsYes'
  | 'noPinGiven'
  | 'notAPin'
  | 'noToken'
  | 'noSuchTrainingKey'
  | 'trainingKeyOutsideTraining'
  | 'pinTooShort'
  | 'pinGuessable'
  | 'pinSymbols'
  | 'pinTooLong'
  | 'pinDiffers';

export type CommandEnd =
  | { readonly end: 'done'; readonly result: CommandResult }
  | { readonly end: 'refused'; readonly reason: Reason }
  /** The key can't do this, or not in its present state; it was not asked. */
  | { readonly end: 'notOffered'; readonly offer: KeyCareOffer }
  | { readonly end: 'usage'; readonly trouble: UsageTrouble; readonly choices: readonly string[] }
  /** `reason`: why none could be opened; null when there is none. */
  | { readonly end: 'noKey'; readonly reason: Reason | null }
  | { readonly end: 'notConfirmed' }
  | { readonly end: 'interrupted' };

export const done = (result: CommandResult): CommandEnd => ({ end: 'done', result });
export const usage = (trouble: UsageTrouble, choices: readonly string[] = []): CommandEnd => ({ end: 'usage', trouble, choices });

/** Nothing was asked of a key, because none could be opened. */
const unopened: readonly ReasonCode[] = [
  'key.noAccess',
  'key.notElevated',
  'key.heldElsewhere',
  'key.hostDown',
  'key.serviceBusy',
];

/** The service's words for a token that is not its own. */
const careNotGranted = 'careNotGranted';

export function refusal(reason: Reason): CommandEnd {
  if (reason.detail?.statusName === careNotGranted) return { end: 'noKey', reason };
  return unopened.includes(reason.code) ? { end: 'noKey', reason } : { end: 'refused', reason };
}

export function exitCodeOf(end: CommandEnd): number {
  switch (end.end) {
    case 'done':
      return exitCodes.done;
    case 'refused':
    case 'notOffered':
      return exitCodes.refused;
    case 'usage':
      return exitCodes.usage;
    case 'noKey':
      return exitCodes.noKey;
    case 'notConfirmed':
    case 'interrupted':
      return exitCodes.interrupted;
    default:
      return end satisfies never;
  }
}
