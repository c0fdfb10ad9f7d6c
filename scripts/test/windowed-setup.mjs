// Before the rings that open windows: the runtime, a fresh build and a display, so that each ring also runs on its own.

import { hasDisplay, startVirtualDisplay } from '../set-up/display.mjs';
import { prepare } from '../set-up/prepare.mjs';

/** @returns {Promise<() => Promise<void>>} what Vitest calls when the ring is done */
export async function setup() {
  await prepare([], { announce: false });
  process.env['DBUS_SESSION_BUS_ADDRESS'] ??= 'disabled:';
  if (hasDisplay()) return async () => {};
  const display = await startVirtualDisplay();
  process.env['DISPLAY'] = display.name;
  return async () => {
    delete process.env['DISPLAY'];
    await display.stop();
  };
}
