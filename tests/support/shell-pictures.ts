// The smallest whole pictures, for tests of the shell: what is in them does not matter there.
import type { CardSnapshot } from '../../contract/card.ts';
import type { PracticeSnapshot } from '../../contract/practice.ts';
import type { Snapshot } from '../../contract/snapshot.ts';

export function snapshotOf(visit: number): Snapshot {
  return {
    world: 'training',
    visit,
    screen: { kind: 'attract' },
    overlay: null,
    allowed: ['start'],
    stops: [],
    pass: null,
    host: null,
    look: { language: 'en', textSize: 1, contrast: 'normal', motion: 'full', controlsLower: false },
    contact: 'the IT desk',
  };
}

export const practicePicture: PracticeSnapshot = {
  tenant: 'usual',
  slip: { displayName: 'Ada Practice', userName: 'ada@practice.example', pass: '', use: 'several', startsAtMs: 0, endsAtMs: 0 },
  ledger: { keys: [], phones: [], pass: 'usable' },
  keys: [],
  phone: { app: false },
  beside: 'kiosk',
  folded: false,
  language: 'en',
};

export const cardPicture: CardSnapshot = {
  world: 'training',
  language: 'en',
  firstName: 'Ada',
  ways: [],
  after: [],
  pass: { kind: 'unknown' },
  contact: 'the IT desk',
};
