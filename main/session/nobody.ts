import type { Look } from '../../contract/snapshot.ts';
import { noAnswers } from './stay-plan.ts';

const firstLook: Look = { language: 'en', textSize: 1, contrast: 'normal', motion: 'full', controlsLower: false };

/** Everything that belongs to one person; a wipe puts exactly this back. */
export const nobody = {
  look: firstLook,
  panel: null,
  idleEndsAtMs: null,
  place: null,
  away: false,
  plan: noAnswers,
  standing: null,
  signInCall: null,
  signInKey: null,
  account: null,
  ways: [],
  lastKey: null,
  leftOvers: [],
  phoneSettled: 'no',
  phoneFirstDone: false,
  passEnd: { kind: 'unknown' },
  secondFactor: null,
  printing: 'offered',
  ending: 'left',
  reason: null,
} as const;
