// What a finger is called on a key. The names are the same in every language and short: keys cut them, the smallest after 15 bytes,
// and whoever looks at the key next may read another language. The page says them in its own.
import type { PlainMessageId } from '../words/words.ts';

export const hands = ['left', 'right'] as const;
export const fingers = ['thumb', 'index', 'middle', 'ring', 'little'] as const;
type Hand = (typeof hands)[number];
type Finger = (typeof fingers)[number];

const onKeyOf: Readonly<Record<Hand, string>> = { left: 'Left', right: 'Right' };

export const nameOnKey = (hand: Hand, finger: Finger): string => `${onKeyOf[hand]} ${finger}`;

const known = new Map<string, PlainMessageId>(
  hands.flatMap((hand) => fingers.map((finger) => [nameOnKey(hand, finger), `care.finger.${hand}.${finger}`] as const)),
);

/** The words for a name that was given here; null for any other. */
export const wordsOfFinger = (name: string): PlainMessageId | null => known.get(name) ?? null;
