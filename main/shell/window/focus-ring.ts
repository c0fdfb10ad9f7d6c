// The keyboard's way between the pages of the window: F6, as in browsers. Without it a person who can't touch would be caught in
// whichever page has the focus (WCAG 2.2, 2.1.2 No Keyboard Trap).
import type { WebContents } from 'electron';

/** @param others the pages that can be gone to now, in order; the one that asks may be among them */
export function focusRing(contents: WebContents, others: () => readonly WebContents[]): void {
  contents.on('before-input-event', (event, input) => {
    if (input.key !== 'F6' || input.control || input.alt || input.meta) return;
    event.preventDefault();
    if (input.type === 'keyUp') return;
    const ring = others().filter((page) => !page.isDestroyed());
    const step = input.shift ? ring.length - 1 : 1;
    ring[(ring.indexOf(contents) + step) % ring.length]?.focus();
  });
}
