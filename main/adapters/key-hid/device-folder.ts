// Where Linux puts the files of its HID devices: it tells when one comes, goes, or changes hands.
import { watch, type FSWatcher } from 'node:fs';

/** The kernel's own names (Linux: Documentation/hid/hidraw.rst). */
const HIDRAW_NAME = /^hidraw\d+$/u;

/**
 * Calls when a hidraw file in `folder` appears, disappears or gets another owner; `onEnd` runs once if the system stops
 * telling. The result stops it; null when the folder can't be watched.
 */
export function watchDeviceFolder(folder: string, listener: () => void, onEnd: () => void): (() => void) | null {
  let watcher: FSWatcher;
  try {
    watcher = watch(folder, { persistent: false });
  } catch {
    return null; // no such folder, or no watch left to have (inotify(7), max_user_watches)
  }
  // A system that names no file means that it could be any.
  watcher.on('change', (_, name) => {
    if (typeof name !== 'string' || HIDRAW_NAME.test(name)) listener();
  });
  watcher.once('error', () => {
    watcher.close();
    onEnd();
  });
  return () => watcher.close();
}
