// The sentences of the terminal, each in one place. English: technicians read them, quote them and search for them. What a
// refusal is called stands with the screens' words (reason-words.ts).
import type { SampleQuality } from '../../../contract/care.ts';
import type { KeyCareOffer, KeySettingChange } from '../../ports/key-care.ts';
import type { UsageTrouble } from '../command-end.ts';
import type { KeyStep } from '../key-step.ts';
import { printable } from './printable.ts';

/** What has to be typed before something is gone. A reset wants the key's own name. */
export const confirmWords = { delete: 'delete', remove: 'remove', set: 'set' } as const;

export const confirmQuestion = (about: string, word: string): string => `${about}\nType ${word} to go on: `;

export const eraseWords = (model: string): string =>
  `Everything on this key (${printable(model)}) will be gone: its PIN, accounts, fingerprints and settings.`;

export const pinQuestions = {
  present: (tries: { readonly left: number } | null): string =>
    tries === null ? 'PIN of the key: ' : `PIN of the key (${triesLeft(tries.left)}): `,
  choose: (least: number): string => `New PIN, at least ${least} characters: `,
  again: 'The new PIN again: ',
} as const;

export const tokenQuestion = 'Token of the key service, for technicians: ';

export const triesLeft = (left: number): string => (left === 1 ? '1 try left' : `${left} tries left`);

export function stepWords(step: KeyStep): string {
  switch (step.step) {
    case 'insert':
      return 'Plug the key in.';
    case 'choose':
      return 'Touch the key you mean: all that are plugged in blink.';
    case 'insertAgain':
      return step.holdSeconds === undefined
        ? `Plug the same key in again (${printable(step.model)}), and touch it within ${step.withinSeconds} seconds, when it blinks.`
        : `Plug the same key in again (${printable(step.model)}). When it blinks, press it within ${step.withinSeconds} seconds and hold it for ${step.holdSeconds}.`;
    case 'remove':
      return `Pull the key out (${printable(step.model)}).`;
    case 'touch':
      return step.holdSeconds === undefined ? 'Touch the key.' : `Press and hold the key for ${step.holdSeconds} seconds.`;
    case 'touched':
      return 'The key felt the touch.';
    case 'wait':
      return 'The key is at work.';
    case 'sample':
      return `${sampleWords[step.quality]} ${moreTouches(step.left)}`;
    default:
      return step satisfies never;
  }
}

const moreTouches = (left: number): string => (left === 0 ? 'That was the last one.' : left === 1 ? '1 more.' : `${left} more.`);

/** CTAP 2.3 §6.7.4, lastEnrollSampleStatus. */
const sampleWords: Readonly<Record<SampleQuality, string>> = {
  good: 'Good.',
  tooHigh: 'The finger was too high.',
  tooLow: 'The finger was too low.',
  tooLeft: 'The finger was too far left.',
  tooRight: 'The finger was too far right.',
  tooFast: 'Too fast: leave the finger a little longer.',
  tooSlow: 'Too slow.',
  poorQuality: 'The picture was poor: clean the sensor and the finger.',
  tooSkewed: 'The finger was turned too far.',
  tooShort: 'Too short: leave the finger a little longer.',
  mergeFailure: 'That did not fit the touches before.',
  alreadyEnrolled: 'This finger is on the key already.',
  databaseFull: 'The key has no room for another finger.',
  noActivity: 'No finger was felt.',
  notReleased: 'Lift the finger between the touches.',
  other: 'The sensor wants it once more.',
};

export function settingWords(change: KeySettingChange): string {
  switch (change.setting) {
    case 'minPinLength':
      return `PINs of this key will have at least ${change.length} characters${change.forceChange ? ', and the present one must be changed' : ''}. Only a reset takes this back.`;
    case 'forcePinChange':
      return 'This key will ask for a new PIN before anything else.';
    case 'alwaysUv':
      return change.on
        ? 'This key wants PIN or finger for every use.'
        : 'This key may be used by touch alone where a site allows it.';
    case 'enterpriseAttestation':
      return 'This key will name itself to the sites its maker agreed on. Only a reset takes this back.';
    case 'longTouchReset':
      return 'A reset of this key will need a finger that stays on it for ten seconds. Only such a reset takes this back.';
    default:
      return change satisfies never;
  }
}

export function usageWords(trouble: UsageTrouble, choices: readonly string[]): string {
  const [sentence, list] = [usageSentences[trouble], choices.map((choice) => `\n  ${choice}`).join('')];
  return trouble === 'pinTooShort' ? `${sentence} ${choices.join(' ')} characters.` : `${sentence}${list}`;
}

const usageSentences: Readonly<Record<UsageTrouble, string>> = {
  severalKeys: 'More than one key is plugged in. Say which one with --key, or touch it with --touch:',
  noSuchKey: 'No key that is plugged in is called that. There are:',
  sameName: 'Two keys are called that and can’t be told apart. Touch the one you mean with --touch, or leave only that one.',
  noSuchEntry: 'Nothing on the key has that id.',
  severalEntries: 'More than one id begins like that. Give more of it.',
  needsYes: 'This can’t be taken back, and nobody can be asked here. Give --yes to do it.',
  noPinGiven: 'No PIN was given.',
  notAPin: 'That can’t be the PIN: it is shorter or longer than any. The key was not asked.',
  noToken: 'The key service of this machine wants a technician’s token, of 16 to 128 bytes, before anything else.',
  noSuchTrainingKey: 'There is no training key of that kind. There are:',
  trainingKeyOutsideTraining: '--training-key is for the training world only.',
  pinTooShort: 'The new PIN is too short. It needs at least',
  pinGuessable: 'The new PIN is easy to guess: no rows, repeats, dates or common words.',
  pinSymbols: 'The new PIN holds a character that not every keyboard has. Keep to letters, digits and signs of ASCII.',
  pinTooLong: 'The new PIN is too long for this key.',
  pinDiffers: 'The two were not the same.',
};

export const notOfferedWords: Readonly<Record<KeyCareOffer, string>> = {
  setPin: 'This key takes no first PIN: it has one (change-pin changes it), or it knows no PIN.',
  changePin: 'This key has no PIN to change, or it is locked.',
  accounts: 'This key lists no accounts: it can’t, or it has no PIN yet.',
  fingerprints: 'This key teaches no fingerprints: it has no sensor, or it has no PIN yet.',
  minPinLength: 'The PIN rules of this key can’t be set.',
  alwaysUv: 'This key has no setting for being asked for PIN or finger every time.',
  enterpriseAttestation: 'This key has no enterprise attestation to turn on.',
  longTouchReset: 'A long touch for reset can’t be set on this key.',
  reset: 'This key can’t be reset over USB.',
};

export const endWords = {
  noKey: 'No key is plugged in.',
  interrupted: 'Interrupted. The key was told to stop.',
  notConfirmed: 'Not confirmed. Nothing was changed.',
  pinSet: 'The PIN is set.',
  pinChanged: 'The PIN is changed.',
  accountDeleted: 'The account is gone from the key.',
  fingerprintRenamed: 'The fingerprint has its new name.',
  fingerprintRemoved: 'The fingerprint is gone from the key.',
  fingerprintAdded: 'The fingerprint is on the key.',
  configured: 'Set.',
  erased: 'The key is erased.',
  erasedSeenFresh: 'The key is erased, and looks as from the factory.',
} as const;
