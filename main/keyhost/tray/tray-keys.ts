// The keys that lie in the training tray, as a trainer would lay them out: good ones to begin with, then those that somebody
// used before, then those that make trouble.
import type { KeyPlug } from '../../../contract/snapshot.ts';
import type { PracticeKey, PracticeKeyKind, PracticeTouch } from '../../../contract/practice.ts';
import { KEY_KINDS } from '../../simulator/key/key-kinds.ts';
import type { FactoryMemory, KeyModel } from '../../simulator/key/key-model.ts';
import {
  CTAP20_KEY,
  MODERN_KEY,
  TRAINING_KEYS,
  TRAINING_PIN,
  U2F_ONLY_KEY,
  type TrainingKey,
} from '../../simulator/key/training-keys.ts';

export interface TrayKeyKind extends TrainingKey {
  readonly face: Omit<PracticeKey, 'state'>;
}

/** The finger that is on the fingerprint key as it comes, under its own name; the usual finger is not. */
export const otherFinger = 'Left thumb';

const latest = { ...KEY_KINDS.latest.model, plug: 'usb-c' } as const;
const fingerprint = { ...KEY_KINDS.fingerprint.model, plug: 'usb-a' } as const;

/** All fit what the tray protocol may say of them. No two have the same name: hands and eyes tell them apart by it. */
export const trayKeyKinds: readonly TrayKeyKind[] = [
  kind('modern-a', 'modern', called('A', 'usb-a'), {}),
  kind('modern-c', 'modern', called('C', 'usb-c'), {}),
  kind('latest', 'latest', latest, {}),
  kind('fingerprint', 'fingerprint', fingerprint, { pin: TRAINING_PIN, fingers: [otherFinger] }),
  kind('pin-set', 'pinSet', called('P', 'usb-a'), TRAINING_KEYS.pinSet.memory),
  kind('shared', 'shared', called('S', 'usb-c'), TRAINING_KEYS.shared.memory),
  kind('ctap20', 'ctap20', CTAP20_KEY, {}),
  kind('must-change', 'mustChange', called('M', 'usb-c'), TRAINING_KEYS.needsPinChange.memory),
  kind('last-try', 'lastTry', called('T', 'usb-a'), TRAINING_KEYS.lastPinTry.memory),
  kind('full', 'full', { ...TRAINING_KEYS.full.model, product: 'Firstkey Training Key F' }, TRAINING_KEYS.full.memory),
  kind('locked', 'locked', called('L', 'usb-a'), TRAINING_KEYS.lockedPin.memory),
  kind('u2f', 'u2f', U2F_ONLY_KEY, {}),
];

function called(letter: string, plug: KeyPlug): KeyModel {
  return { ...MODERN_KEY, plug, product: `Firstkey Training Key ${letter}` };
}

function kind(id: string, practiceKind: PracticeKeyKind, model: KeyModel, memory: FactoryMemory): TrayKeyKind {
  const { product: name, plug } = model;
  const startingPin = memory.pin === undefined ? null : TRAINING_PIN;
  return { model, memory, face: { id, name, plug, kind: practiceKind, startingPin, touches: touchesOf(model) } };
}

function touchesOf({ ctap2 }: KeyModel): readonly PracticeTouch[] {
  return [
    'finger',
    ...(ctap2?.fingerprint === undefined ? [] : (['tooFast', 'otherFinger'] as const)),
    ...(ctap2?.longTouchForReset === true ? (['long'] as const) : []),
  ];
}
