// One loaded view of Microsoft's page, with every way out of it closed. Its preload gives the page nothing but an answer to the
// WebAuthn calls it makes itself.
import { WebContentsView, type Session, type WebContents } from 'electron';
import { passkeyHostsArgument } from '../../../contract/bridge.ts';
import type { ClockPort } from '../../ports/clock.ts';
import { hostOf } from '../address.ts';
import type { KeyCallDoor } from './key-call-door.ts';
import { tooLate, within } from '../deadline.ts';
import { allowNavigation, type NavigationRule, type OnBlocked } from '../lock-down.ts';
import { pageScript, wordsIn, type PageWords } from './page-words.ts';
import { keyCommands } from './typed-keys.ts';
import { viewPreferences } from '../view-preferences.ts';

export interface SignInPageOptions {
  readonly session: Session;
  readonly clock: ClockPort;
  readonly rule: NavigationRule;
  readonly onBlocked: OnBlocked;
  readonly preload: string;
  /** Where a page finds passkeys. */
  readonly passkeyHosts: readonly string[];
  /** The page's door for its one request, before anything is loaded. */
  readonly openKeyDoor: (contents: WebContents) => KeyCallDoor;
  /** A document stands; `status` is its HTTP status. */
  readonly onDocument: (url: string, status: number) => void;
  /** The document is there in full. */
  readonly onRead: (url: string, words: PageWords) => void;
  readonly onFailed: (what: 'load' | 'crash' | 'hung') => void;
}

export interface SignInPage {
  readonly view: WebContentsView;
  readonly contents: WebContents;
  /** Resolves when the document is there or has failed; failures are told to `onFailed`. */
  load(url: string): Promise<void>;
  type(symbol: string): Promise<void>;
  readonly keyDoor: KeyCallDoor;
  /** Resolves when the page's process has let go of it. */
  close(): Promise<void>;
}

// Isolated worlds below 1000 belong to Electron itself (Electron: webContents.executeJavaScriptInIsolatedWorld).
const readingWorld = 1001;
const limits = { setUpMs: 10_000, loadMs: 30_000, readMs: 5_000, aliveEveryMs: 5_000, aliveMs: 10_000 } as const;

/** @throws {Error} when the view can't be guarded; it is closed then */
export async function openSignInPage(options: SignInPageOptions): Promise<SignInPage> {
  const { clock, onBlocked } = options;
  const told = [`${passkeyHostsArgument}${options.passkeyHosts.join(',')}`];
  const view = new WebContentsView({ webPreferences: viewPreferences(options.session, options.preload, told) });
  const contents = view.webContents;
  const keyDoor = options.openKeyDoor(contents);
  let closed = false;
  let stopWatching: () => void = ignore;
  // One symbol after the other, in the order they were pressed.
  let typing: Promise<void> = Promise.resolve();

  const destroyed = new Promise<void>((resolve) => contents.once('destroyed', () => resolve()));
  const close = () => {
    if (!closed) {
      closed = true;
      stopWatching();
      keyDoor.close();
      // Not from within one of the view's own events, where most calls of this come from.
      setImmediate(() => {
        if (!contents.isDestroyed()) contents.close();
      });
    }
    return destroyed;
  };
  const fail = (what: 'load' | 'crash' | 'hung') => {
    if (closed) return;
    void close();
    options.onFailed(what);
  };

  await guard(contents, clock, onBlocked).catch((error: unknown) => {
    void close();
    throw error;
  });
  allowNavigation(contents, options.rule);
  // Without its guard a view must not go on.
  contents.debugger.on('detach', () => fail('crash'));
  contents.on('render-process-gone', () => fail('crash'));
  contents.on('unresponsive', () => fail('hung'));
  contents.on('did-fail-load', (_event, code, _text, _url, isMainFrame) => {
    if (isMainFrame && code !== aborted) fail('load');
  });
  contents.on('did-navigate', (_event, url, status) => {
    // The mouse's back button asks no one (no will-navigate): with no history there is nowhere to go back to.
    contents.navigationHistory.clear();
    // A page can strand itself here without any event before it.
    if (url.startsWith('about:')) return fail('load');
    options.onDocument(url, status);
  });
  contents.on('dom-ready', () => {
    const url = contents.getURL();
    void readWords(contents, clock).then((words) => {
      if (!closed && contents.getURL() === url) options.onRead(url, words);
    });
  });
  stopWatching = watchAlive(contents, clock, () => fail('hung'));

  return {
    view,
    contents,
    keyDoor,
    close,
    async load(url) {
      const loaded = await within(clock, limits.loadMs, contents.loadURL(url).catch(ignore));
      if (loaded === tooLate && !closed && contents.isLoadingMainFrame()) fail('load');
    },
    type(symbol) {
      keyDoor.pressed();
      typing = typing.then(async () => {
        for (const { method, params } of keyCommands(symbol)) if (!closed) await contents.debugger.sendCommand(method, params);
        // A page that is just going away takes no more keys.
      }, ignore);
      return typing.catch(ignore);
    },
  };
}

const ignore = () => undefined;
// net::ERR_ABORTED: a navigation that was prevented or overtaken, not one that failed.
const aborted = -3;

/** What no preference and no header closes: the file chooser, and new windows that are blocked without anybody hearing of it. */
async function guard(contents: WebContents, clock: ClockPort, onBlocked: OnBlocked): Promise<void> {
  // The debugger answers only once a renderer is there.
  const set = within(
    clock,
    limits.setUpMs,
    (async () => {
      await contents.loadURL('about:blank');
      contents.debugger.attach('1.3');
      contents.debugger.on('message', (_event, method, params: unknown) => {
        if (method === 'Page.fileChooserOpened') onBlocked('fileChooser', hostOf(contents.getURL()));
        if (method === 'Page.windowOpen') onBlocked('window', hostOf(urlOf(params)));
      });
      await contents.debugger.sendCommand('Page.enable');
      await contents.debugger.sendCommand('Page.setInterceptFileChooserDialog', { enabled: true });
      // The on-screen keyboard types while the finger, and with it the focus, is on the kiosk page.
      await contents.debugger.sendCommand('Emulation.setFocusEmulationEnabled', { enabled: true });
    })(),
  );
  if ((await set) === tooLate) throw new Error('the sign-in view could not be guarded in time');
  contents.navigationHistory.clear();
}

function urlOf(params: unknown): string {
  return typeof params === 'object' && params !== null && 'url' in params && typeof params.url === 'string' ? params.url : '';
}

async function readWords(contents: WebContents, clock: ClockPort): Promise<PageWords> {
  try {
    return wordsIn(
      await within(clock, limits.readMs, contents.executeJavaScriptInIsolatedWorld(readingWorld, [{ code: pageScript }])),
    );
  } catch {
    // The page went on while it was being read.
    return wordsIn(null);
  }
}

/** Chromium calls a page unresponsive only once somebody types into it; this asks it regularly. */
function watchAlive(contents: WebContents, clock: ClockPort, onHung: () => void): () => void {
  let cancel: () => void = () => undefined;
  let stopped = false;
  const ask = async () => {
    const answer = contents.isLoadingMainFrame()
      ? undefined
      : contents.executeJavaScriptInIsolatedWorld(readingWorld, [{ code: '1' }]);
    // A page that is replaced while it is asked rejects; that is an answer too.
    const heard = await within(
      clock,
      limits.aliveMs,
      Promise.resolve(answer).catch(() => undefined),
    );
    if (stopped || contents.isDestroyed()) return;
    if (heard === tooLate) onHung();
    else cancel = clock.after(limits.aliveEveryMs, () => void ask());
  };
  cancel = clock.after(limits.aliveEveryMs, () => void ask());
  return () => {
    stopped = true;
    cancel();
  };
}
