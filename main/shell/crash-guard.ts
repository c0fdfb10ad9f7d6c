// What happens when a page of the desk breaks: the desk is told first, then the page comes back, a few times.
import { app, type WebContents } from 'electron';
import type { ClockPort } from '../ports/clock.ts';
import { tooLate, within } from './deadline.ts';
import type { RendererGone } from './notices.ts';

// Five falls in a minute are no accident any more; whoever supervises the desk has to look at it.
const comeBack = { mostIn: 60_000, times: 5, firstDelayMs: 0, delayMs: 250 } as const;
const alive = { everyMs: 5_000, limitMs: 10_000 } as const;
const askingWorld = 1001;

/** Watches one of the desk's own pages and loads it again when its process is gone. The result stops it. */
export function guardDeskPage(
  contents: WebContents,
  address: string,
  clock: ClockPort,
  onGone: (gone: RendererGone) => void,
): () => void {
  let falls: readonly number[] = [];
  let stopped = false;
  let cancel: () => void = () => undefined;

  /** The delay before the next attempt, doubled with every fall; null when there have been too many. */
  const nextDelayMs = (): number | null => {
    const nowMs = clock.nowMs();
    falls = [...falls.filter((atMs) => nowMs - atMs < comeBack.mostIn), nowMs];
    if (falls.length > comeBack.times) return null;
    return falls.length === 1 ? comeBack.firstDelayMs : comeBack.delayMs * 2 ** (falls.length - 2);
  };
  const lost = (what: 'crashed' | 'hung', reason: string) => {
    if (stopped) return;
    cancel();
    const delayMs = nextDelayMs();
    const reloading = delayMs !== null;
    onGone(what === 'hung' ? { what, reloading } : { what, reason, reloading });
    if (delayMs !== null) cancel = clock.after(delayMs, load);
  };
  const load = () => {
    if (stopped || contents.isDestroyed()) return;
    contents.loadURL(address).then(watch, () => lost('crashed', 'notLoaded'));
  };
  const watch = () => {
    cancel = clock.after(alive.everyMs, () => void ask());
  };
  // Chromium calls a page unresponsive only once somebody has touched it in vain; this asks it regularly.
  const ask = async () => {
    const answer = contents.executeJavaScriptInIsolatedWorld(askingWorld, [{ code: '1' }]).catch(() => undefined);
    const heard = await within(clock, alive.limitMs, answer);
    if (stopped || contents.isDestroyed() || contents.isCrashed()) return;
    if (heard !== tooLate) return watch();
    hung = true;
    contents.forcefullyCrashRenderer();
  };
  let hung = false;
  contents.on('render-process-gone', (_event, details) => {
    const what = hung ? 'hung' : 'crashed';
    hung = false;
    lost(what, details.reason);
  });
  watch();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Helper processes come back by themselves; that one went is worth a line in the journal. */
export function watchHelperProcesses(onGone: (process: string, reason: string) => void): void {
  app.on('child-process-gone', (_event, { type, serviceName, reason }) => {
    if (reason !== 'clean-exit') onGone(serviceName ?? type, reason);
  });
}
