// Asks for PINs. Whoever gets one wipes it.
import { limits } from '../../../contract/limits.ts';
import type { KeyInspection } from '../../ports/key-care.ts';
import type { Secret } from '../../ports/secret.ts';
import { isGuessable } from '../../session/pin-rules.ts';
import { usage, type CommandEnd, type UsageTrouble } from '../command-end.ts';
import { pinQuestions, usageWords } from '../wording/words.ts';
import type { CareContext } from './care-context.ts';

const firstPrintable = 0x20;
const lastAscii = 0x7e;
/** Four code points (CTAP 2.3 §6.5.1). */
const leastPinBytes = 4;
/** How often a person may choose a new PIN before the command gives up. No key hears of it. */
const mostChoices = 5;

/** The PIN that is on the key, passed to `use` and wiped after it. */
export async function withPin(
  { terminal, signal }: CareContext,
  { description }: KeyInspection,
  use: (pin: Secret) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const pin = await terminal.askSecret(pinQuestions.present(description.tries), signal);
  if (pin === null) return usage('noPinGiven');
  try {
    const length = pin.lend((bytes) => bytes.length);
    if (length === 0) return usage('noPinGiven');
    // A wrong PIN costs a try, so one that no key can have is not sent.
    return length < leastPinBytes || length > limits.pinBytes ? usage('notAPin') : await use(pin);
  } finally {
    pin.wipe();
  }
}

/** A new PIN that keeps the rules, typed twice where a person sits; passed to `use` and wiped after it. */
export async function withNewPin(
  context: CareContext,
  { description }: KeyInspection,
  use: (pin: Secret) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const { terminal, minPinLength } = context;
  const bounds = { least: Math.max(description.minPinLength, minPinLength), most: description.maxPinLength };
  for (let choicesLeft = mostChoices; ; choicesLeft -= 1) {
    const chosen = await askNewPin(context, bounds);
    if ('end' in chosen) {
      if (chosen.end !== 'usage' || chosen.trouble === 'noPinGiven' || !terminal.isInteractive || choicesLeft <= 1) return chosen;
      terminal.tell(usageWords(chosen.trouble, chosen.choices));
      continue;
    }
    try {
      return await use(chosen);
    } finally {
      chosen.wipe();
    }
  }
}

interface PinBounds {
  /** Code points. */
  readonly least: number;
  readonly most: number;
}

async function askNewPin({ terminal, signal }: CareContext, bounds: PinBounds): Promise<Secret | CommandEnd> {
  const pin = await terminal.askSecret(pinQuestions.choose(bounds.least), signal);
  if (pin === null) return usage('noPinGiven');
  let again: Secret | null = null;
  try {
    const trouble = pin.lend((bytes) => newPinTrouble(bytes, bounds));
    if (trouble !== null) return end(pin, usage(trouble, trouble === 'pinTooShort' ? [String(bounds.least)] : []));
    if (!terminal.isInteractive) return pin;
    again = await terminal.askSecret(pinQuestions.again, signal);
    return again !== null && isSame(pin, again) ? pin : end(pin, usage('pinDiffers'));
  } catch (error) {
    pin.wipe();
    throw error;
  } finally {
    again?.wipe();
  }
}

function end(pin: Secret, how: CommandEnd): CommandEnd {
  pin.wipe();
  return how;
}

/** New PINs keep to ASCII, because keyboards elsewhere may not have more. */
function newPinTrouble(bytes: Uint8Array, { least, most }: PinBounds): UsageTrouble | null {
  if (bytes.length === 0) return 'noPinGiven';
  if (bytes.some((byte) => byte < firstPrintable || byte > lastAscii)) return 'pinSymbols';
  if (bytes.length < least) return 'pinTooShort';
  if (bytes.length > Math.min(most, limits.pinBytes)) return 'pinTooLong';
  const points = [...bytes];
  const guessable = isGuessable(points);
  points.fill(0);
  return guessable ? 'pinGuessable' : null;
}

function isSame(one: Secret, other: Secret): boolean {
  return one.lend((bytes) =>
    other.lend((others) => bytes.length === others.length && bytes.every((byte, index) => byte === others[index])),
  );
}
