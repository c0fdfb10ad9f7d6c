// What the window refused, for the journal: the first ones of a kind as they are, the rest as a number. A page that tries the
// same thing a thousand times must not fill the disk.
import type { ClockPort } from '../ports/clock.ts';
import type { JournalEvent } from '../ports/journal.ts';
import type { DeskNotice } from '../ports/notice.ts';

const span = { mostOneByOne: 20, lastsMs: 60_000 } as const;

/** One minute of one kind of notice. */
interface Span {
  written: number;
  more: number;
}

export class NoticeRecord {
  readonly #clock: ClockPort;
  readonly #write: (body: JournalEvent) => void;
  readonly #spans = new Map<DeskNotice['notice'], Span>();
  readonly #endings = new Set<() => void>();

  constructor(clock: ClockPort, write: (body: JournalEvent) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  take(notice: DeskNotice): void {
    const running = this.#spans.get(notice.notice) ?? this.#begin(notice.notice);
    if (running.written === span.mostOneByOne) {
      running.more += 1;
      return;
    }
    running.written += 1;
    this.#write(eventOf(notice));
  }

  /** Writes what is counted and not written yet. */
  close(): void {
    for (const cancel of this.#endings) cancel();
    for (const kind of this.#spans.keys()) this.#end(kind);
  }

  #begin(kind: DeskNotice['notice']): Span {
    const begun: Span = { written: 0, more: 0 };
    this.#spans.set(kind, begun);
    const cancel = this.#clock.after(span.lastsMs, () => {
      this.#endings.delete(cancel);
      this.#end(kind);
    });
    this.#endings.add(cancel);
    return begun;
  }

  #end(kind: DeskNotice['notice']): void {
    const more = this.#spans.get(kind)?.more ?? 0;
    this.#spans.delete(kind);
    if (more > 0) this.#write({ event: 'notices.more', of: kind, count: more });
  }
}

function eventOf(notice: DeskNotice): JournalEvent {
  switch (notice.notice) {
    case 'door.refused':
      return { event: 'door.refused', door: notice.door, because: notice.because };
    case 'page.blocked':
      return { event: 'page.blocked', what: notice.what, host: notice.host };
    case 'process.gone':
      return { event: 'process.gone', process: notice.process, reason: notice.reason };
    default:
      return notice satisfies never;
  }
}
