import type { WebContents } from 'electron';
import type { ClockPort } from '../../ports/clock.ts';
import { within } from '../deadline.ts';

const limitMs = 30_000;
const measuringWorld = 1001;

// W3C Paint Timing: the first frame that holds text or a picture, not the empty ground before it.
const script = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length > 0) resolve(true);
  }).observe({ type: 'paint', buffered: true });
})`;

/** Resolves when the page has drawn its first picture, or after a limit: a covered window draws none. */
export async function whenDrawn(contents: WebContents, clock: ClockPort): Promise<void> {
  await within(
    clock,
    limitMs,
    contents.executeJavaScriptInIsolatedWorld(measuringWorld, [{ code: script }]).catch(() => undefined),
  );
}
