// The one guarded entrance per window. No other file of the desk answers messages from pages.
import type { WebContents, WebFrameMain } from 'electron';
import type { z } from 'zod';
import type { ClockPort } from '../../ports/clock.ts';
import { tooLate, within } from '../deadline.ts';
import type { DoorRefusal } from '../../ports/notice.ts';
import { pictureFeed } from './picture-feed.ts';
import { messageFault } from './plain-message.ts';
import { tokenBucket } from './token-bucket.ts';

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

export interface DoorOptions<Saying, Reply> {
  readonly contents: WebContents;
  /** The exact origin of the page behind this door: `app://kiosk`. */
  readonly origin: string;
  readonly channels: { readonly hello: string; readonly say: string; readonly show: string };
  readonly schema: z.ZodType<Saying>;
  /** What a refused saying is answered with. */
  readonly answers: { readonly unreadable: Reply; readonly tooMany: Reply };
  readonly clock: ClockPort;
  readonly onRefused: (because: DoorRefusal) => void;
}

// A fast typist makes some 15 presses a second; a page that resizes reports its frame in bursts.
const rate = { burst: 60, perSecond: 30 } as const;
const openLimitMs = 15_000;

/** Listens on the window's own channel set only: a message from any other window does not even arrive here. */
export function bridgeDoor<Picture, Saying, Reply>(options: DoorOptions<Saying, Reply>): Door<Picture, Saying, Reply> {
  const { contents, channels, clock, onRefused } = options;
  const bucket = tokenBucket(rate, () => clock.nowMs());
  let handlers: DoorHandlers<Picture, Saying, Reply> | null = null;
  let announceOpen: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    announceOpen = resolve;
  });
  // A page hears pictures only after it has said hello: before that nothing in it listens.
  let pageListens = false;
  const feed = pictureFeed<Picture>(clock, (picture) => {
    if (pageListens && !contents.isDestroyed()) contents.send(channels.show, picture);
  });
  const silence = () => {
    pageListens = false;
    feed.drop();
  };
  contents.on('render-process-gone', silence);
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) silence();
  });

  const refuse = (because: DoorRefusal): never => {
    onRefused(because);
    throw new Error(`refused: ${because}`);
  };

  contents.ipc.handle(channels.hello, async (event) => {
    if (!isOwnPage(event.senderFrame, contents, options.origin)) return refuse('foreignSender');
    if (!bucket.take()) return refuse('tooMany');
    if ((await within(clock, openLimitMs, opened)) === tooLate || !handlers) return refuse('notOpen');
    pageListens = true;
    return handlers.hello();
  });

  contents.ipc.handle(channels.say, (event, ...said: unknown[]) => {
    // A foreign sender learns nothing, not even in which form the door refuses.
    if (!isOwnPage(event.senderFrame, contents, options.origin)) return refuse('foreignSender');
    if (!bucket.take()) {
      onRefused('tooMany');
      return options.answers.tooMany;
    }
    const fault = messageFault(said);
    const parsed = fault || said.length !== 1 ? null : options.schema.safeParse(said[0]);
    if (!parsed?.success) {
      onRefused(fault === 'tooLarge' ? 'tooLarge' : 'unreadable');
      return options.answers.unreadable;
    }
    if (!handlers) return refuse('notOpen');
    return handlers.say(parsed.data);
  });

  return {
    open(given) {
      handlers = given;
      announceOpen();
    },
    show: (picture) => feed.show(picture),
  };
}

/** Only the window's top frame, on exactly its origin. A frame that is being torn down has no `senderFrame` any more. */
export function isOwnPage(frame: WebFrameMain | null, contents: WebContents, origin: string): boolean {
  return (
    frame !== null &&
    frame.parent === null &&
    frame.frameTreeNodeId === contents.mainFrame.frameTreeNodeId &&
    frame.origin === origin
  );
}
