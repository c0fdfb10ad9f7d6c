// A press on the on-screen keyboard, as the Chrome DevTools Protocol says it (domain Input). It reaches the focused field of a
// page that does not have the window's focus, which is where the page is while a finger is on the kiosk's own keys.

export interface KeyCommand {
  readonly method: 'Input.dispatchKeyEvent' | 'Input.insertText';
  readonly params: Readonly<Record<string, string | number>>;
}

const named: Readonly<Record<string, { readonly keyCode: number; readonly text?: string }>> = {
  Backspace: { keyCode: 8 },
  Tab: { keyCode: 9 },
  Enter: { keyCode: 13, text: '\r' },
};

/**
 * `Backspace`, `Enter` and `Tab` are keys; everything else is text and goes in as text, because a symbol has no key of its own on
 * every layout, and because Chromium drops keys in the half second after a page was loaded.
 */
export function keyCommands(symbol: string): readonly KeyCommand[] {
  const key = named[symbol];
  if (!key) return [{ method: 'Input.insertText', params: { text: symbol } }];
  const which = { key: symbol, code: symbol, windowsVirtualKeyCode: key.keyCode };
  const down = key.text === undefined ? { type: 'rawKeyDown' } : { type: 'keyDown', text: key.text };
  return [
    { method: 'Input.dispatchKeyEvent', params: { ...which, ...down } },
    { method: 'Input.dispatchKeyEvent', params: { ...which, type: 'keyUp' } },
  ];
}
