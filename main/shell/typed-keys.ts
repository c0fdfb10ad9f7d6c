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

/** `Backspace`, `Enter` and `Tab` are named keys; everything else is text. */
export function keyCommands(symbol: string): readonly KeyCommand[] {
  const key = named[symbol];
  if (key) return press({ key: symbol, code: symbol, windowsVirtualKeyCode: key.keyCode }, key.text);
  // Letters and digits as keys, because pages may listen for those; anything else has no key of its own on every layout.
  if (/^[A-Za-z0-9]$/.test(symbol)) return press({ key: symbol, windowsVirtualKeyCode: symbol.toUpperCase().charCodeAt(0) }, symbol);
  return [{ method: 'Input.insertText', params: { text: symbol } }];
}

function press(key: Readonly<Record<string, string | number>>, text: string | undefined): readonly KeyCommand[] {
  return [
    { method: 'Input.dispatchKeyEvent', params: { type: text === undefined ? 'rawKeyDown' : 'keyDown', ...key, ...(text === undefined ? {} : { text }) } },
    { method: 'Input.dispatchKeyEvent', params: { type: 'keyUp', ...key } },
  ];
}
