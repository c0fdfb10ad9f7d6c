// The two things a page of Microsoft's can ask of the desk: a new credential on the person's key, or a sign-in with one. One request at a time, of the
// top frame, on the relying party's own host, after a person pressed something; it ends with the page that asked.
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { channels } from '../../../contract/bridge.ts';
import type { KeyCallAnswer, KeyCallFailure } from '../../../contract/page-key.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { DoorRefusal } from '../../ports/notice.ts';
import type { KeyAsk, KeyAsked } from '../../ports/page.ts';
import { within } from '../deadline.ts';
import { isOwnPage } from '../door/bridge-door.ts';
import { judgeKeyCall, readKeyCall } from './judge-key-call.ts';

export interface KeyCallDoorOptions {
  readonly contents: WebContents;
  readonly clock: ClockPort;
  readonly rpId: string;
  /** Another number for every request of the desk. */
  readonly nextAsk: () => KeyAsk;
  readonly onAsked: (ask: KeyAsk, asked: KeyAsked) => void;
  /** The page took its request back, went on, or waited too long. */
  readonly onWithdrawn: (ask: KeyAsk) => void;
  readonly onRefused: (because: DoorRefusal) => void;
}

export interface KeyCallDoor {
  /** A press that the view did not see as one: the on-screen keyboard's. */
  pressed(): void;
  /** False when nobody waits for this answer any more. */
  answer(ask: KeyAsk, answer: Extract<KeyCallAnswer, { ok: true }>): boolean;
  refuse(ask: KeyAsk, failure: KeyCallFailure): void;
  close(): void;
}

// The press that leads to a key is often on the page before: Microsoft's pages hand the person over to the relying party's host
// and ask at once, where Chromium has forgotten the press. One press is good for one request.
const pressHoldsMs = 20_000;
/** A PIN may have to be typed and a key to be found; Microsoft's own challenge ends by then. */
const askLimitMs = 5 * 60_000;
const activationLimitMs = 5_000;
// Isolated worlds below 1000 belong to Electron itself; this one is shared with what else is read from the page.
const readingWorld = 1001;
const presses: ReadonlySet<string> = new Set(['keyDown', 'rawKeyDown', 'mouseDown', 'touchEnd', 'gestureTap', 'pointerDown']);

interface Waiting {
  readonly ask: KeyAsk;
  readonly settle: (answer: KeyCallAnswer) => void;
}

export function keyCallDoor(options: KeyCallDoorOptions): KeyCallDoor {
  const { contents, clock, rpId } = options;
  const origin = `https://${rpId}`;
  let pressedAtMs: number | null = null;
  // From the moment a request is read: judging it takes a moment in which a second one may come.
  let isBusy = false;
  let waiting: Waiting | null = null;

  const pressed = () => {
    pressedAtMs = clock.nowMs();
  };
  contents.on('input-event', (_event, input) => {
    if (presses.has(input.type)) pressed();
  });
  const withdraw = () => {
    if (!waiting) return;
    const { ask } = waiting;
    settle(ask, { ok: false, failure: 'AbortError' });
    options.onWithdrawn(ask);
  };
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) withdraw();
  });
  contents.on('render-process-gone', withdraw);

  const settle = (ask: KeyAsk, answer: KeyCallAnswer): boolean => {
    if (waiting?.ask.ask !== ask.ask) return false;
    const { settle: reply } = waiting;
    waiting = null;
    reply(answer);
    return true;
  };

  const isActivated = async (): Promise<boolean> => {
    const recently = pressedAtMs !== null && clock.nowMs() - pressedAtMs <= pressHoldsMs;
    pressedAtMs = null;
    if (recently) return true;
    // In a world of its own, where the page can't have put anything in front of it.
    const read = contents
      .executeJavaScriptInIsolatedWorld(readingWorld, [{ code: 'navigator.userActivation.isActive' }])
      .catch(() => false);
    return (await within(clock, activationLimitMs, read)) === true;
  };

  const wait = (asked: KeyAsked): Promise<KeyCallAnswer> =>
    new Promise((resolve) => {
      const ask = options.nextAsk();
      const cancel = clock.after(askLimitMs, () => {
        if (settle(ask, { ok: false, failure: 'NotAllowedError' })) options.onWithdrawn(ask);
      });
      waiting = {
        ask,
        settle(answer) {
          cancel();
          resolve(answer);
        },
      };
      options.onAsked(ask, asked);
    });

  const answerTo = async ({ senderFrame }: IpcMainInvokeEvent, said: readonly unknown[]): Promise<KeyCallAnswer> => {
    const refuse = (failure: KeyCallFailure): KeyCallAnswer => ({ ok: false, failure });
    if (!isOwnPage(senderFrame, contents, origin)) {
      options.onRefused('foreignSender');
      return refuse('NotAllowedError');
    }
    if (isBusy) {
      options.onRefused('tooMany');
      return refuse('OperationError');
    }
    const call = said.length === 1 ? readKeyCall(said[0]) : null;
    if (!call) {
      options.onRefused('unreadable');
      return refuse('NotAllowedError');
    }
    isBusy = true;
    try {
      const judged = judgeKeyCall(call, { rpId, isActivated: await isActivated(), nowMs: clock.wallMs() });
      // The page may have gone on while it was asked.
      if (!isOwnPage(senderFrame, contents, origin)) return refuse('AbortError');
      return judged.ok ? await wait(judged.asked) : judged;
    } finally {
      isBusy = false;
    }
  };

  contents.ipc.handle(channels.page.askKey, async (event, ...said: unknown[]) => JSON.stringify(await answerTo(event, said)));
  contents.ipc.handle(channels.page.withdrawKey, ({ senderFrame }) => {
    if (isOwnPage(senderFrame, contents, origin)) withdraw();
  });

  return {
    pressed,
    answer: settle,
    refuse: (ask, failure) => void settle(ask, { ok: false, failure }),
    close: withdraw,
  };
}
