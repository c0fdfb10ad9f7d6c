// The keys that lie in the training tray, as a trainer would lay them out: two good ones to begin with, then one of each
// that makes trouble.
import type { KeyPlug } from '../../../contract/snapshot.ts';
import type { PracticeKey } from '../../../contract/practice.ts';
import type { KeyModel } from '../../simulator/key/key-model.ts';
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

const modernA = fitting(MODERN_KEY, 'usb-a', 'Firstkey Training Key A');
const modernC = fitting(MODERN_KEY, 'usb-c', 'Firstkey Training Key C');

/** All fit what the tray protocol may say of them. */
export const trayKeyKinds: readonly TrayKeyKind[] = [
  kind('modern-a', 'modern', { model: modernA, memory: {} }),
  kind('modern-c', 'modern', { model: modernC, memory: {} }),
  kind('ctap20', 'ctap20', { model: CTAP20_KEY, memory: {} }),
  kind('u2f', 'u2f', { model: U2F_ONLY_KEY, memory: {} }),
  kind('pin-set', 'pinSet', { ...TRAINING_KEYS.pinSet, model: modernA }),
  kind('must-change', 'mustChange', { ...TRAINING_KEYS.needsPinChange, model: modernC }),
  kind('locked', 'locked', { ...TRAINING_KEYS.lockedPin, model: modernA }),
  kind('full', 'full', TRAINING_KEYS.full),
];

function fitting(model: KeyModel, plug: KeyPlug, product: string): KeyModel {
  return { ...model, plug, product };
}

function kind(id: string, practiceKind: PracticeKey['kind'], { model, memory }: TrainingKey): TrayKeyKind {
  const startingPin = memory.pin === undefined ? null : TRAINING_PIN;
  return { model, memory, face: { id, name: model.product, plug: model.plug, kind: practiceKind, startingPin } };
}
