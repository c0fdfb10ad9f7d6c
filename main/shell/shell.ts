// The one face of the shell: everything of Electron that the rest of the desk uses, behind the ports it fills.
import type { CareSaid, CareSnapshot } from '../../contract/care.ts';
import type { DoctorSaid, DoctorSnapshot } from '../../contract/doctor-page.ts';
import type { Answer, Said } from '../../contract/intent.ts';
import type { PracticeAnswer, PracticeIntent, PracticeSnapshot } from '../../contract/practice.ts';
import type { Snapshot, World } from '../../contract/snapshot.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { KeyboardPort } from '../ports/keyboard.ts';
import type { PagePort } from '../ports/page.ts';
import type { Door } from './door/bridge-door.ts';
import type { CardPrinter } from './window/card-printer.ts';
import type { SheetPrinter } from './window/sheet-printer.ts';
import type { DeskFace } from './window/app-protocol.ts';
import type { DeskNotice } from '../ports/notice.ts';
import type { RendererGone } from './notices.ts';
import type { ScreenPicture } from './sign-in/screen-picture.ts';
import type { PasskeyPages, SignInHosts, SignInSite } from './sign-in-site.ts';
import type { WindowSize } from './window/window-layout.ts';

export type { DeskFace, Door, RendererGone, DeskNotice, SignInHosts, SignInSite, WindowSize };

export interface ShellOptions {
  readonly world: World;
  /** Which page the window is for. */
  readonly face: DeskFace;
  readonly clock: ClockPort;
  /** The folder of the built pages: `index.html`, `care.html`, `doctor.html`, `practice.html`, `card.html` and `assets/`. */
  readonly pagesFolder: string;
  /** The folder of the built preloads: `kiosk.cjs`, `care.cjs`, `doctor.cjs`, `practice.cjs`, `card.cjs`, `sign-in.cjs`. */
  readonly preloadFolder: string;
  /** Whether there is a place for the practice desk beside the kiosk; the training world only. */
  readonly withPractice: boolean;
  /** A window of exactly this size at the top left corner, for tests and pictures; null: what the world calls for. */
  readonly frame: WindowSize | null;
  readonly signIn: SignInOptions;
  readonly passkeys: PasskeyPages;
}

export interface SignInOptions {
  /** Which hosts the sign-in view may use. */
  readonly hosts: SignInHosts;
  /** Makes the stand-in for the network of one stay; null: the real network. */
  readonly openSite: (() => SignInSite) | null;
}

export interface Shell {
  readonly page: PagePort;
  readonly keyboard: KeyboardPort;
  readonly print: CardPrinter;
  readonly sheets: SheetPrinter;
  /** Leads to nobody when the window's face is another one; so do the next two. */
  readonly kioskDoor: Door<Snapshot, Said, Answer>;
  readonly careDoor: Door<CareSnapshot, CareSaid, Answer>;
  readonly doctorDoor: Door<DoctorSnapshot, DoctorSaid, Answer>;
  /**
   * Puts the practice desk into the place that `withPractice` keeps for it, and loads it. Once, and best after the first picture:
   * two pages that start at once keep each other waiting.
   */
  openPractice(): Door<PracticeSnapshot, PracticeIntent, PracticeAnswer>;
  /** The window's page died or hung; whatever stay there was can't be trusted. The result stops it. */
  onRendererGone(listener: (gone: RendererGone) => void): () => void;
  /** The result stops it. */
  onNotice(listener: (notice: DeskNotice) => void): () => void;
  /** Calls once, when the window's page has drawn its first picture (at once when that has happened). */
  onReady(listener: () => void): void;
  /** Somebody wants the desk to end: the window's close button, or the system. It ends only by `quit`. */
  onCloseAsked(listener: () => void): () => void;
  /** What Microsoft's page shows now; null when none is visible. */
  captureSignInView(): Promise<ScreenPicture | null>;
  /** Folds the practice desk away to its handle, or out again. */
  setFolded(folded: boolean): void;
  /** Forgets the sign-in view, closes the windows and ends the process with this exit code. */
  quit(exitCode: number): Promise<void>;
}
