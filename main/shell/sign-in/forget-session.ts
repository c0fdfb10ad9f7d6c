// What is cleared between two people, and what is still there afterwards. The next person gets a partition with a new name in
// any case; this is for the old one, which Electron keeps until the process ends. Each call below clears something that the
// others were measured to leave behind: sign-ins of the HTTP kind, open connections, compiled scripts, looked-up names.
import { clipboard, type Session } from 'electron';
import type { ClockPort } from '../../ports/clock.ts';
import { tooLate, within } from '../deadline.ts';

const stepLimitMs = 10_000;

/** Resolves with the names of what could not be cleared or was still found; an empty list is a clean session. */
export async function forgetSession(session: Session, clock: ClockPort): Promise<readonly string[]> {
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ['connections', () => session.closeAllConnections()],
    ['storage', () => session.clearStorageData()],
    ['data', () => session.clearData()],
    ['cache', () => session.clearCache()],
    ['codeCaches', () => session.clearCodeCaches({})],
    ['authCache', () => session.clearAuthCache()],
    ['hostResolverCache', () => session.clearHostResolverCache()],
    ['cookieStore', () => session.cookies.flushStore()],
  ];
  const leftovers: string[] = [];
  for (const [name, clear] of steps) if (!(await succeeds(clock, clear))) leftovers.push(`not cleared: ${name}`);
  leftovers.push(...(await stillThere(session, clock)));
  return leftovers;
}

/** Both clipboards: X has a second one for what was last selected. Newer Electrons give it an object of its own. */
export function forgetClipboard(): void {
  const board: { clear(type?: 'selection'): void; readonly selection?: { clear(): void } } = clipboard;
  board.clear();
  if (process.platform !== 'linux') return;
  if (board.selection) board.selection.clear();
  else board.clear('selection');
}

async function stillThere(session: Session, clock: ClockPort): Promise<readonly string[]> {
  const found: string[] = [];
  const cookies = await within(clock, stepLimitMs, session.cookies.get({}));
  if (cookies === tooLate) found.push('cookies: not counted');
  else if (cookies.length > 0) found.push(`cookies: ${cookies.length}`);
  const cacheBytes = await within(clock, stepLimitMs, session.getCacheSize());
  if (cacheBytes === tooLate) found.push('cache: not measured');
  else if (cacheBytes > 0) found.push(`cache: ${cacheBytes} bytes`);
  return found;
}

async function succeeds(clock: ClockPort, clear: () => Promise<void>): Promise<boolean> {
  try {
    return (await within(clock, stepLimitMs, clear())) !== tooLate;
  } catch {
    return false;
  }
}
