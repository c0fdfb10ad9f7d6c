// The keyboard port. While somebody captures, what is typed on the kiosk page is taken here, in the main process: measured, a PIN
// taken this way leaves no copy in the page's process, and one typed into the page leaves several.
// Keys are compared and passed on, never stored, counted or logged here.
import type { Input, WebContents } from 'electron';
import { limits } from '../../../contract/limits.ts';
import type { KeyboardPort, Keystroke } from '../../ports/keyboard.ts';
import { listeners } from '../listeners.ts';

export interface KeyboardCapture extends KeyboardPort {
  /** Counts keys, clicks, touches and wheels on this page as activity from now on. */
  listenTo(contents: WebContents): void;
}

/** @param kiosk the page whose keys can be captured */
export function keyboardCapture(kiosk: WebContents): KeyboardCapture {
  const captures = listeners<Keystroke>();
  const activity = listeners<null>();

  kiosk.on('before-input-event', (event, input) => {
    if (captures.count() === 0 || !isTaken(input)) return;
    // The release as well: its event in the page would name the key again.
    event.preventDefault();
    const stroke = input.type === 'keyUp' ? null : strokeOf(input);
    if (stroke) captures.tell(stroke);
  });

  const listenTo = (contents: WebContents) => {
    // Both: a captured key never becomes an input event, and only the second knows of fingers and mice.
    contents.on('before-input-event', () => activity.tell(null));
    contents.on('input-event', (_event, input) => {
      if (activityTypes.has(input.type)) activity.tell(null);
    });
  };
  listenTo(kiosk);

  return {
    capture: (listener) => captures.add(listener),
    onActivity: (listener) => activity.add(() => listener()),
    listenTo,
  };
}

// Moving the mouse is not among them: a table that is bumped moves it too.
const activityTypes: ReadonlySet<string> = new Set([
  'keyDown',
  'rawKeyDown',
  'char',
  'mouseDown',
  'mouseWheel',
  'touchStart',
  'gestureTap',
  'gestureTapDown',
  'pointerDown',
]);

/** Every printing key, Backspace and Enter; Tab, arrows, Escape and function keys stay with the page. */
function isTaken(input: Input): boolean {
  return (
    isPrinting(input.key) || input.key === 'Backspace' || input.key === 'Enter' || input.key === 'Dead' || input.key === 'Process'
  );
}

function strokeOf(input: Input): Keystroke | null {
  if (input.key === 'Enter') return input.isAutoRepeat ? null : { kind: 'submit' };
  if (input.key === 'Backspace') return { kind: 'delete' };
  // A key held down is one symbol: nobody means the fifth 7 that came by itself.
  if (!isPrinting(input.key) || input.isAutoRepeat || isShortcut(input)) return null;
  return { kind: 'symbol', symbol: input.key };
}

/** Control and Alt together are AltGr, which makes symbols. */
function isShortcut(input: Input): boolean {
  return input.meta || input.control !== input.alt;
}

/** UI Events KeyboardEvent key Values: named keys are ASCII words of two letters or more; a printing key is its text. */
function isPrinting(key: string): boolean {
  return key.length > 0 && key.length <= limits.symbolUnits && !/^[A-Z][A-Za-z0-9]+$/.test(key);
}
