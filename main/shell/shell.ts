// The one face of the shell: everything of Electron that the rest of the desk uses, behind the ports it fills.
import type { CardSnapshot } from '../../contract/card.ts';
import type { Answer, Said } from '../../contract/intent.ts';
import type { PracticeAnswer, PracticeIntent, PracticeSnapshot } from '../../contract/practice.ts';
import type { Snapshot, World } from '../../contract/snapshot.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { KeyboardPort } from '../ports/keyboard.ts';
import type { PagePort } from '../ports/page.ts';
import type { PrintPort } from '../ports/print.ts';

export interface ShellOptions {
  readonly world: World;
  readonly clock: ClockPort;
  /** The folder of the built pages: `index.html`, `practice.html`, `card.html` and `assets/`. */
  readonly pagesFolder: string;
  /** The folder of the built preloads: `kiosk.cjs`, `practice.cjs`, `card.cjs`. */
  readonly preloadFolder: string;
  /** Whether the practice desk stands beside the kiosk; the training world only. */
  readonly withPractice: boolean;
  /** A window of exactly this size at the top left corner, for tests and pictures; null: what the world calls for. */
  readonly frame: WindowSize | null;
  readonly signIn: SignInOptions;
}

/** Device-independent pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

export interface SignInOptions {
  /** Which hosts the sign-in view may use. */
  readonly hosts: SignInHosts;
  /** Makes the stand-in for the network of one stay; null: the real network. */
  readonly openSite: (() => SignInSite) | null;
}

/** Host names, lower case; `*.example.com` covers every name below example.com, not example.com itself. */
export interface SignInHosts {
  /** May be navigated to and framed. */
  readonly documents: readonly string[];
  /** May only be loaded from within an allowed document. */
  readonly content: readonly string[];
}

/** Answers every https request of one stay, and keeps its cookies. */
export interface SignInSite {
  handle(request: Request): Promise<Response>;
  /** Forgets cookies and all; resolves with the names of what is still there. */
  forget(): Promise<readonly string[]>;
}

/** One window's guarded entrance. */
export interface Door<Picture, Saying, Reply> {
  /** Until it is called, a page's hello waits. */
  open(handlers: DoorHandlers<Picture, Saying, Reply>): void;
  /** Sends the picture to the page, ten a second at most; of those that come faster the last one counts. */
  show(picture: Picture): void;
}

export interface DoorHandlers<Picture, Saying, Reply> {
  hello(): Picture;
  say(saying: Saying): Reply | Promise<Reply>;
}

export type RendererGone =
  /** The kiosk page's process ended; `reloading` tells whether it comes back by itself. */
  | { readonly what: 'crashed'; readonly reason: string; readonly reloading: boolean }
  /** It did not answer in time and was ended. */
  | { readonly what: 'hung'; readonly reloading: boolean };

/** Something the shell refused or noticed, for the journal; never content, at most a host name. */
export type ShellNotice =
  | { readonly notice: 'door.refused'; readonly door: 'kiosk' | 'practice' | 'card'; readonly because: DoorRefusal }
  | { readonly notice: 'page.blocked'; readonly what: BlockedAttempt; readonly host: string | null }
  | { readonly notice: 'process.gone'; readonly process: string; readonly reason: string };

export type DoorRefusal = 'foreignSender' | 'tooLarge' | 'unreadable' | 'tooMany' | 'notOpen';

export type BlockedAttempt = 'navigation' | 'window' | 'download' | 'request' | 'document' | 'fileChooser' | 'permission' | 'signInBox' | 'certificate';

/** Pixels, row by row, four bytes each: red, green, blue, alpha. */
export interface ScreenPicture {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface CardPrinter extends PrintPort {
  /** The card as a PDF file, made and kept in memory. */
  printToPdf(card: CardSnapshot): Promise<Uint8Array>;
}

export interface Shell {
  readonly page: PagePort;
  readonly keyboard: KeyboardPort;
  readonly print: CardPrinter;
  readonly kioskDoor: Door<Snapshot, Said, Answer>;
  readonly practiceDoor: Door<PracticeSnapshot, PracticeIntent, PracticeAnswer> | null;
  /** The kiosk page died or hung; whatever stay there was can't be trusted. The result stops it. */
  onRendererGone(listener: (gone: RendererGone) => void): () => void;
  /** The result stops it. */
  onNotice(listener: (notice: ShellNotice) => void): () => void;
  /** Calls once, when the kiosk page has drawn its first picture (at once when that has happened). */
  onReady(listener: () => void): void;
  /** The person closed the window, where the world lets them (training). */
  onCloseAsked(listener: () => void): () => void;
  /** What Microsoft's page shows now; null when none is visible. */
  captureSignInView(): Promise<ScreenPicture | null>;
  /** Folds the practice desk away to its handle, or out again. */
  setFolded(folded: boolean): void;
  /** Forgets the sign-in view, closes the windows and ends the process with this exit code. */
  quit(exitCode: number): Promise<void>;
}
