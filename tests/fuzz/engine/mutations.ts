// How one input becomes the next: small damage to bytes, and changes that keep CBOR in shape.
import { cborHead, cborSpans } from './cbor-spans.ts';
import type { Random } from './random.ts';

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Numbers at which something changes: signs, widths, the packet and message sizes of CTAPHID. */
const BYTES = [0, 1, 2, 5, 6, 7, 16, 23, 24, 31, 32, 33, 55, 57, 58, 59, 63, 64, 65, 127, 128, 255];
const WORDS = [0, 1, 17, 57, 58, 255, 256, 1023, 1024, 7609, 7610, 0x7fff, 0x8000, 0xffff];

/** CBOR that makes readers think: every kind of head, too long heads, lengths that lie, and words of CTAP and WebAuthn. */
const ITEMS = [
  ...['00', '17', '1818', '1800', '190000', '1a00000000', '1b0000000000000000', '1bffffffffffffffff', '1b0020000000000000'],
  ...['20', '26', '37', '3818', '390100', '3bffffffffffffffff', '3b001fffffffffffff', '40', '4100', '5820', '58ff', '59ffff'],
  ...['5affffffff', '5bffffffffffffffff', '5f', '60', '6161', '61ff', '62c328', '7f', '80', '81', '98ff', '9bffffffffffffffff'],
  ...[
    '9f',
    'a0',
    'a10000',
    'a1f500',
    'b8ff',
    'bbffffffffffffffff',
    'bf',
    'c0',
    'd81800',
    'f4',
    'f5',
    'f6',
    'f7',
    'f800',
    'f93c00',
  ],
  ...['fa00000000', 'fb0000000000000000', 'fc', 'ff', '8181818181818180', 'a100a100a100a100a1', '81a100a0'],
  ...['63666d74', '6761747453746d74', '686175746844617461', '667061636b6564', '646e6f6e65', '68666964 6f2d753266', '63616c67'],
  ...['63736967', '6378 3563', '626964', '64747970 65', '6a7075626c6963 2d6b6579', '646e616d65', '6b646973706c61794e616d65'],
  ...[
    '62726b',
    '627576',
    '627570',
    '69636c69656e7450696e',
    '6b686d61632d736563726574',
    '6b6372656450726f74656374',
    '684649444f5f325f31',
  ],
  ...['a5010203262001215820', '225820', 'a401010327200621 5820', '01', '02', '03', '04', '0a', '1819', '181b', '1830'],
].map(unhex);

export type Mutation = (input: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** A child of `input`; `other` is another input to take parts from. At most `maxBytes` long. */
export function mutate(input: Uint8Array, random: Random, other: Uint8Array, maxBytes: number): Uint8Array {
  let changed = input;
  for (let changes = 1 + random.below(1 + random.below(6)); changes > 0; changes -= 1) {
    changed = random.pick(random.once(2) ? cborMutations : byteMutations)(changed, random, other);
  }
  return changed.length > maxBytes ? changed.slice(0, maxBytes) : changed;
}

const flipBit: Mutation = (input, random) => {
  const changed = input.slice();
  const at = random.below(changed.length);
  if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return changed;
};

const setByte: Mutation = (input, random) => {
  const changed = input.slice();
  if (changed.length > 0) changed[random.below(changed.length)] = random.once(2) ? random.pick(BYTES) : random.below(256);
  return changed;
};

const addToByte: Mutation = (input, random) => {
  const changed = input.slice();
  const at = random.below(changed.length);
  if (changed.length > 0) changed[at] = ((changed[at] ?? 0) + random.below(33) - 16) & 0xff;
  return changed;
};

const setWord: Mutation = (input, random) => {
  if (input.length < 2) return input;
  const changed = input.slice();
  new DataView(changed.buffer).setUint16(random.below(changed.length - 1), random.pick(WORDS));
  return changed;
};

const cut: Mutation = (input, random) => {
  const from = random.below(input.length + 1);
  return replace(input, from, Math.min(input.length, from + lengthOf(random, input)), new Uint8Array(0));
};

const cutEnd: Mutation = (input, random) => input.slice(0, random.below(input.length + 1));

const add: Mutation = (input, random) => {
  const at = random.below(input.length + 1);
  return replace(input, at, at, random.once(2) ? random.pick(ITEMS) : random.bytes(1 + random.below(8)));
};

const repeat: Mutation = (input, random) => {
  const from = random.below(input.length + 1);
  const part = input.slice(from, from + lengthOf(random, input));
  const at = random.below(input.length + 1);
  return replace(input, at, at, part);
};

const crossOver: Mutation = (input, random, other) => {
  const from = random.below(other.length + 1);
  const part = other.slice(from, from + lengthOf(random, other));
  const at = random.below(input.length + 1);
  return replace(input, at, random.once(2) ? at : Math.min(input.length, at + part.length), part);
};

const byteMutations: readonly Mutation[] = [flipBit, setByte, addToByte, setWord, cut, cutEnd, add, repeat, crossOver];

/** Answers begin with a status byte, objects don't: both readings are tried. */
const spansOf = (input: Uint8Array, random: Random) => cborSpans(input, random.below(2));

const replaceItem: Mutation = (input, random, other) => {
  const spans = spansOf(input, random);
  if (spans.length === 0) return input;
  const span = random.pick(spans);
  const donors = random.once(2) ? spansOf(other, random) : [];
  const donor = donors.length > 0 ? random.pick(donors) : undefined;
  return replace(input, span.start, span.end, donor ? other.subarray(donor.start, donor.end) : random.pick(ITEMS));
};

const swapItems: Mutation = (input, random) => {
  const spans = spansOf(input, random);
  if (spans.length < 2) return input;
  const [one, two] = [random.pick(spans), random.pick(spans)];
  const [first, second] = one.start < two.start ? [one, two] : [two, one];
  if (first.end > second.start) return input;
  const later = replace(input, second.start, second.end, input.subarray(first.start, first.end));
  return replace(later, first.start, first.end, input.subarray(second.start, second.end));
};

/** Changes what is inside a byte or text string, and the length in its head with it. */
const changeInside: Mutation = (input, random, other) => {
  const strings = spansOf(input, random).filter(({ major }) => major === 2 || major === 3);
  if (strings.length === 0) return input;
  const { start, end, content, major } = random.pick(strings);
  const inside = random.pick(random.once(3) ? cborMutations : byteMutations)(input.slice(content, end), random, other);
  const head = cborHead(major, inside.length);
  return replace(input, start, end, joined(head, inside));
};

/** One more, or one fewer, entry in an array or map, with or without saying so in its head. */
const changeCount: Mutation = (input, random) => {
  const holders = spansOf(input, random).filter(({ major }) => major === 4 || major === 5);
  if (holders.length === 0) return input;
  const { start, content, major } = random.pick(holders);
  const count = Math.max(0, (input[start] ?? 0) - (major << 5) + random.below(3) - 1);
  const entry = major === 5 ? joined(random.pick(ITEMS), random.pick(ITEMS)) : random.pick(ITEMS);
  return replace(input, start, content, joined(cborHead(major, count), random.once(2) ? entry : new Uint8Array(0)));
};

const cborMutations: readonly Mutation[] = [replaceItem, swapItems, changeInside, changeInside, changeCount];

/** Mostly short, now and then as long as the input. */
function lengthOf(random: Random, input: Uint8Array): number {
  return 1 + random.below(random.once(4) ? input.length + 1 : 16);
}

function replace(input: Uint8Array, from: number, to: number, part: Uint8Array): Uint8Array {
  return joined(input.subarray(0, from), part, input.subarray(to));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
