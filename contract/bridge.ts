// The three verbs between a page and the desk, and the names they travel under. One bridge per window.
import type { Answer, Said } from './intent.ts';
import type { PracticeAnswer, PracticeIntent, PracticeSnapshot } from './practice.ts';
import type { CardSnapshot } from './card.ts';
import type { CareSaid, CareSnapshot } from './care.ts';
import type { DoctorSaid, DoctorSnapshot } from './doctor-page.ts';
import type { Snapshot } from './snapshot.ts';

/** hello: a page asks for the whole picture. say: an intent goes in. show: a new picture comes out. */
export interface Bridge<Picture, Saying, Reply> {
  hello(): Promise<Picture>;
  say(saying: Saying): Promise<Reply>;
  /** Calls back with every new picture; the result stops it. */
  onShow(listener: (picture: Picture) => void): () => void;
}

export type KioskBridge = Bridge<Snapshot, Said, Answer>;
export type CareBridge = Bridge<CareSnapshot, CareSaid, Answer>;
export type DoctorBridge = Bridge<DoctorSnapshot, DoctorSaid, Answer>;
export type PracticeBridge = Bridge<PracticeSnapshot, PracticeIntent, PracticeAnswer>;

/** The card is drawn once, from one picture. */
export interface CardBridge {
  hello(): Promise<CardSnapshot>;
  /** The page says it has drawn the card and its fonts are there. */
  drawn(): Promise<void>;
}

export const channels = {
  kiosk: { hello: 'kiosk/hello', say: 'kiosk/say', show: 'kiosk/show' },
  care: { hello: 'care/hello', say: 'care/say', show: 'care/show' },
  doctor: { hello: 'doctor/hello', say: 'doctor/say', show: 'doctor/show' },
  practice: { hello: 'practice/hello', say: 'practice/say', show: 'practice/show' },
  card: { hello: 'card/hello', drawn: 'card/drawn' },
  /** Microsoft's page: its one request and the end of it, nothing of the desk's. */
  page: { askKey: 'page/ask-key', withdrawKey: 'page/withdraw-key' },
} as const;

/** Before the hosts on which a page may find passkeys at all: how the sign-in view's preload is told them. */
export const passkeyHostsArgument = '--passkey-hosts=';

/** The one global a preload adds: `window.firstkey`. */
export const bridgeName = 'firstkey';
