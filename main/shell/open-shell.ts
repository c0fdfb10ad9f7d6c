// Puts the shell together: window, pages, doors, guards. After this the desk talks to ports and doors only.
import { app, type WebContents, type WebContentsView } from 'electron';
import path from 'node:path';
import { channels } from '../../contract/bridge.ts';
import { careSaidSchema, type CareSaid, type CareSnapshot } from '../../contract/care.ts';
import { doctorSaidSchema, type DoctorSaid, type DoctorSnapshot } from '../../contract/doctor-page.ts';
import { saidSchema, type Answer, type Said } from '../../contract/intent.ts';
import {
  practiceIntentSchema,
  type PracticeAnswer,
  type PracticeIntent,
  type PracticeSnapshot,
} from '../../contract/practice.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { addressOf, openDeskSession, originOf, readPageFiles, type DeskFace, type DeskPage } from './window/app-protocol.ts';
import { bridgeDoor, type DoorOptions } from './door/bridge-door.ts';
import { cardPrinter } from './window/card-printer.ts';
import { sheetPrinter } from './window/sheet-printer.ts';
import { guardDeskPage, watchHelperProcesses } from './crash-guard.ts';
import { tooLate, within } from './deadline.ts';
import { deskView } from './window/desk-view.ts';
import { whenDrawn } from './window/first-picture.ts';
import { focusRing } from './window/focus-ring.ts';
import { keyboardCapture } from './window/keyboard-capture.ts';
import { openKioskWindow } from './window/kiosk-window.ts';
import { listeners } from './listeners.ts';
import { lockContents, type OnBlocked } from './lock-down.ts';
import type { DoorRefusal, DeskNotice } from '../ports/notice.ts';
import type { RendererGone } from './notices.ts';
import type { Shell, ShellOptions } from './shell.ts';
import { signInStage } from './sign-in/sign-in-stage.ts';
import { signInView } from './sign-in/sign-in-view.ts';

const forgetLimitMs = 20_000;
const faceAnswers = {
  unreadable: { taken: false, because: 'unreadable' },
  tooMany: { taken: false, because: 'tooMany' },
} as const;

/** Call once, after Electron is ready. Resolves when the window stands; the kiosk page goes on loading. */
export async function openShell(options: ShellOptions): Promise<Shell> {
  const { world, clock } = options;
  const notices = listeners<DeskNotice>();
  const gone = listeners<RendererGone>();
  const closeAsked = listeners<null>();
  const onBlocked: OnBlocked = (what, host) => notices.tell({ notice: 'page.blocked', what, host });
  const onRefused = (door: DeskPage) => (because: DoorRefusal) => notices.tell({ notice: 'door.refused', door, because });

  // Before the first page exists, so that none is ever without it.
  app.on('web-contents-created', (_event, contents) => lockContents(contents, onBlocked));
  watchHelperProcesses((process, reason) => notices.tell({ notice: 'process.gone', process, reason }));

  const files = readPageFiles(options.pagesFolder);
  const { preloadFolder } = options;
  // The window's own page, whichever it is for; what a stay brings along comes over it.
  const { face } = options;
  const kiosk = deskView(face, openDeskSession(face, files, onBlocked), preloadFolder);
  const faceDoor = <Picture, Saying>(own: DeskFace, schema: DoorOptions<Saying, Answer>['schema']) =>
    bridgeDoor<Picture, Saying, Answer>({
      contents: kiosk.webContents,
      origin: originOf(own),
      channels: channels[own],
      schema,
      answers: faceAnswers,
      clock,
      onRefused: onRefused(own),
    });
  const kioskDoor = faceDoor<Snapshot, Said>('kiosk', saidSchema);
  const careDoor = faceDoor<CareSnapshot, CareSaid>('care', careSaidSchema);
  const doctorDoor = faceDoor<DoctorSnapshot, DoctorSaid>('doctor', doctorSaidSchema);
  const load = (view: WebContentsView, page: DeskPage) => view.webContents.loadURL(addressOf(page)).catch(() => undefined);
  // Before everything that can be done while the page's process starts; it is not heard before all of this is done.
  const ready = load(kiosk, face).then(() => whenDrawn(kiosk.webContents, clock));

  const kioskWindow = openKioskWindow({ world, frame: options.frame, kiosk, withPractice: options.withPractice });
  let practice: WebContentsView | null = null;
  let shownPage: WebContents | null = null;
  const stage = signInStage({
    window: kioskWindow.window,
    world,
    kiosk: () => kioskWindow.kioskBounds(),
    onShown(view) {
      shownPage = view?.webContents ?? null;
      (shownPage ?? kiosk.webContents).focus();
    },
  });
  kioskWindow.onArranged(() => stage.refit());
  const ring = () => [kiosk.webContents, ...(shownPage ? [shownPage] : []), ...(practice ? [practice.webContents] : [])];
  const keyboard = keyboardCapture(kiosk.webContents);
  const signIn = signInView({
    clock,
    ...options.signIn,
    passkeys: options.passkeys,
    preload: path.join(preloadFolder, 'sign-in.cjs'),
    stage,
    onBlocked,
    onKeyRefused: (because) => notices.tell({ notice: 'door.refused', door: 'page', because }),
    onContents(contents) {
      keyboard.listenTo(contents);
      focusRing(contents, ring);
    },
  });
  focusRing(kiosk.webContents, ring);
  const print = cardPrinter({
    openSession: () => openDeskSession('card', files, onBlocked),
    preloadFolder,
    clock,
    window: kioskWindow.window,
    onRefused: onRefused('card'),
  });

  const sheets = sheetPrinter({ clock, window: kioskWindow.window, onBlocked });

  const stopGuard = guardDeskPage(kiosk.webContents, addressOf(face), clock, (what) => {
    // Nothing of the stay may stand on a screen that draws nothing any more.
    stage.place(null);
    gone.tell(what);
  });
  let stopPracticeGuard = (): void => undefined;

  let ending = false;
  const quit = async (exitCode: number): Promise<void> => {
    if (ending) return;
    ending = true;
    stopGuard();
    stopPracticeGuard();
    // The process's end takes partitions in memory with it; forgetting first is for what might outlive it.
    await within(clock, forgetLimitMs, signIn.forget()).catch(() => tooLate);
    print.forget();
    sheets.forget();
    kioskWindow.close();
    app.exit(exitCode);
  };
  const askToClose = () => {
    if (ending) return;
    if (closeAsked.count() > 0) closeAsked.tell(null);
    else void quit(0);
  };
  // On a desk nobody closes the window; there is no button for it, and what a window manager sends is not from a person.
  kioskWindow.onCloseAsked(() => (world === 'training' ? askToClose() : undefined));
  // The system wants the process to end (a signal, a log-out): the desk first gets to wipe.
  app.on('before-quit', (event) => {
    if (ending) return;
    event.preventDefault();
    askToClose();
  });

  const openPractice: Shell['openPractice'] = () => {
    const view = deskView('practice', openDeskSession('practice', files, onBlocked), preloadFolder);
    const door = bridgeDoor<PracticeSnapshot, PracticeIntent, PracticeAnswer>({
      contents: view.webContents,
      origin: originOf('practice'),
      channels: channels.practice,
      schema: practiceIntentSchema,
      answers: { unreadable: { taken: false, because: 'unreadable' }, tooMany: { taken: false, because: 'notPossibleNow' } },
      clock,
      onRefused: onRefused('practice'),
    });
    // Its own ground: nothing white flashes before its first picture.
    view.setBackgroundColor('#F4F1EB');
    practice = view;
    focusRing(view.webContents, ring);
    stopPracticeGuard = guardDeskPage(view.webContents, addressOf('practice'), clock, ({ what }) => {
      notices.tell({ notice: 'process.gone', process: 'practice page', reason: what });
    });
    kioskWindow.showPractice(view);
    void load(view, 'practice');
    return door;
  };
  kiosk.webContents.focus();

  return {
    page: signIn,
    keyboard,
    print,
    sheets,
    kioskDoor,
    careDoor,
    doctorDoor,
    openPractice,
    onRendererGone: (listener) => gone.add(listener),
    onNotice: (listener) => notices.add(listener),
    onReady: (listener) => void ready.then(listener),
    onCloseAsked: (listener) => closeAsked.add(() => listener()),
    captureSignInView: () => signIn.capture(),
    setFolded: (folded) => kioskWindow.setFolded(folded),
    quit,
  };
}
