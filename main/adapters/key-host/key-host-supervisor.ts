// Keeps one key host at hand: starts it, feels its pulse, ends it when it hangs or babbles, starts it again after a crash.
// The host may be a process of the desk or a service of the machine; "starting" is connecting then, and "ending" hanging up.
import type { ClockPort } from '../../ports/clock.ts';
import { channelOf, type HostChannel, type HostPort } from '../../keyhost/host-port.ts';
import {
  keyHostProtocolVersion,
  lifeMessageSchema,
  type KeyHostRefusal,
  type KeyHostStart,
  type LifeRequest,
} from '../../keyhost/life-protocol.ts';
import type { HostProcess } from './host-process.ts';

/** What went wrong with the host itself; for the desk's log, so no payload. */
export type KeyHostTrouble =
  | { readonly trouble: 'exited'; readonly exitCode: number | null }
  | { readonly trouble: 'notStarted' | 'notReady' | 'notAnswering' | 'malformed' | 'flooding' }
  /** A service that will not serve this desk, and the version it speaks. */
  | { readonly trouble: 'refused'; readonly because: KeyHostRefusal; readonly version: number };

/** `crashed`: nobody wanted it. `renewed`: a fresh process takes its place on purpose. `closed`: for good. */
export type KeyHostEnd = 'crashed' | 'renewed' | 'closed';

export interface KeyHostSupervisor {
  /** A conversation with whichever process runs at the time. What is posted while none is up is dropped. */
  channel(channel: Exclude<HostChannel, 'life'>): HostPort;
  readonly isUp: boolean;
  /** Runs at every start of a host, and at once when one is up. The result stops it. */
  onUp(listener: () => void): () => void;
  /** Runs at every end of a host that was up. The result stops it. */
  onDown(listener: (end: KeyHostEnd) => void): () => void;
  /** Runs whenever a service will not serve; it is asked again. The result stops it. */
  onRefused(listener: (because: KeyHostRefusal) => void): () => void;
  /** Ends a host that broke its word; it is started again. */
  condemn(trouble: 'notAnswering' | 'malformed'): void;
  /** Replaces the process, so that nothing it ever held is left in memory. Resolves when the old one is gone and the new one is up, or did not come up in time. */
  renew(): Promise<void>;
  /** Ends the process for good. */
  close(): Promise<void>;
}

export interface KeyHostSupervisorOptions {
  readonly spawn: () => HostProcess;
  readonly start: KeyHostStart;
  /** The first process waits for this: a desk has better things to do before its first picture. */
  readonly startAfter?: Promise<void>;
  readonly clock: ClockPort;
  readonly onTrouble?: (trouble: KeyHostTrouble) => void;
}

const readyWithinMs = 5_000;
const beatEveryMs = 2_000;
const beatWithinMs = 4_000;
const exitWithinMs = 2_000;
/** Messages in a second. Ten keys at work say some hundred; the host itself doses what keys say. */
const mostHeard = 2_000;
const heardWithinMs = 1_000;
/** First restart at once, so that the desk is back within two seconds; a host that keeps falling is tried ever more rarely. */
const restartDelaysMs = [50, 500, 2_000, 5_000, 10_000] as const;
const longestRestartDelayMs = 10_000;
/** A host that stayed up this long has recovered. */
const healthyAfterMs = 30_000;

export function superviseKeyHost(options: KeyHostSupervisorOptions): KeyHostSupervisor {
  return new Supervisor(options);
}

class Supervisor implements KeyHostSupervisor {
  readonly #options: KeyHostSupervisorOptions;
  readonly #messageListeners = new Set<(message: unknown) => void>();
  readonly #upListeners = new Set<() => void>();
  readonly #downListeners = new Set<(end: KeyHostEnd) => void>();
  readonly #refusedListeners = new Set<(because: KeyHostRefusal) => void>();
  readonly #pipe: HostPort;
  #child: HostProcess | null = null;
  #up = false;
  #closed = false;
  #renewing = false;
  /** It was told to end: nothing it still says counts. */
  #ending = false;
  #crashesInARow = 0;
  #spanBeganAtMs = -Infinity;
  #heardInSpan = 0;
  #beat = 0;
  #beatIsDue = false;
  #cancelPulse: (() => void) | null = null;
  readonly #timers = new Set<() => void>();
  #cancelRestart: (() => void) | null = null;
  #settled: (() => void)[] = [];

  constructor(options: KeyHostSupervisorOptions) {
    this.#options = options;
    this.#pipe = {
      post: (message) => this.#child?.post(message),
      onMessage: (listener) => subscribe(this.#messageListeners, listener),
    };
    channelOf(this.#pipe, 'life').onMessage((body) => this.#onLife(body));
    if (options.startAfter === undefined) this.#spawn();
    else
      void options.startAfter.then(() => {
        if (!this.#closed) this.#spawn();
      });
  }

  get isUp(): boolean {
    return this.#up;
  }

  channel(channel: Exclude<HostChannel, 'life'>): HostPort {
    const wire = channelOf(this.#pipe, channel);
    return {
      post: (message) => {
        if (this.#up) wire.post(message);
      },
      onMessage: (listener) => wire.onMessage(listener),
    };
  }

  onUp(listener: () => void): () => void {
    const stop = subscribe(this.#upListeners, listener);
    if (this.#up) listener();
    return stop;
  }

  onDown(listener: (end: KeyHostEnd) => void): () => void {
    return subscribe(this.#downListeners, listener);
  }

  onRefused(listener: (because: KeyHostRefusal) => void): () => void {
    return subscribe(this.#refusedListeners, listener);
  }

  condemn(trouble: 'notReady' | 'notAnswering' | 'malformed' | 'flooding'): void {
    if (this.#child === null || this.#ending) return;
    this.#options.onTrouble?.({ trouble });
    this.#end(this.#child);
  }

  async renew(): Promise<void> {
    if (this.#closed) return;
    const child = this.#child;
    // Not started yet: no process holds anything.
    if (child === null && this.#cancelRestart === null) return;
    const settled = new Promise<void>((resolve) => this.#settled.push(resolve));
    if (child === null) {
      // Crashed and waiting for its restart: nothing is left of it, and waiting longer helps nobody.
      this.#spawn();
    } else {
      this.#renewing = true;
      this.#end(child);
    }
    await settled;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    if (this.#child === null) return this.#settle();
    const gone = new Promise<void>((resolve) => this.#settled.push(resolve));
    this.#end(this.#child);
    await gone;
  }

  #end(child: HostProcess): void {
    this.#ending = true;
    child.kill();
    // A process that can't even die, stuck in a driver perhaps, must not keep the desk from getting another one.
    this.#after(exitWithinMs, () => {
      if (this.#child === child) this.#onExit(null);
    });
  }

  #spawn(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    let child: HostProcess;
    try {
      child = this.#options.spawn();
    } catch {
      // The platform refused to start a process (limits, a missing file): the desk goes on trying.
      this.#options.onTrouble?.({ trouble: 'notStarted' });
      this.#restartLater();
      return;
    }
    this.#child = child;
    child.onMessage((message) => {
      if (this.#child !== child || this.#ending) return;
      if (!this.#mayHear()) return this.condemn('flooding');
      for (const listener of [...this.#messageListeners]) listener(message);
    });
    child.onExit((exitCode) => {
      if (this.#child === child) this.#onExit(exitCode);
    });
    this.#postLife({ type: 'start', version: keyHostProtocolVersion, ...this.#options.start });
    this.#after(readyWithinMs, () => {
      if (!this.#up) this.condemn('notReady');
    });
  }

  /** A host that talks without end would hold up the desk that listens. */
  #mayHear(): boolean {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#spanBeganAtMs >= heardWithinMs) {
      this.#spanBeganAtMs = nowMs;
      this.#heardInSpan = 0;
    }
    this.#heardInSpan += 1;
    return this.#heardInSpan <= mostHeard;
  }

  #onLife(body: unknown): void {
    const message = lifeMessageSchema.safeParse(body);
    if (!message.success) return this.condemn('malformed');
    switch (message.data.type) {
      case 'ready':
        return this.#onReady();
      case 'pong':
        return this.#onPong(message.data.beat);
      case 'refused':
        return this.#onRefused(message.data.because, message.data.version);
      default:
        return message.data satisfies never;
    }
  }

  #onReady(): void {
    if (this.#up || this.#closed) return;
    this.#up = true;
    this.#feelPulse();
    this.#after(healthyAfterMs, () => {
      this.#crashesInARow = 0;
    });
    for (const listener of [...this.#upListeners]) listener();
    this.#settle();
  }

  #onRefused(because: KeyHostRefusal, version: number): void {
    if (this.#child === null || this.#ending) return;
    this.#options.onTrouble?.({ trouble: 'refused', because, version });
    for (const listener of [...this.#refusedListeners]) listener(because);
    this.#end(this.#child);
  }

  #feelPulse(): void {
    this.#beat += 1;
    this.#beatIsDue = true;
    this.#postLife({ type: 'ping', beat: this.#beat });
    this.#cancelPulse = this.#after(beatWithinMs, () => this.condemn('notAnswering'));
  }

  #onPong(beat: number): void {
    // One answer for each question: a host that hangs can't put off the next one by repeating itself.
    if (!this.#beatIsDue || beat !== this.#beat) return;
    this.#beatIsDue = false;
    this.#cancelPulse?.();
    this.#cancelPulse = this.#after(beatEveryMs, () => this.#feelPulse());
  }

  #onExit(exitCode: number | null): void {
    const wasUp = this.#up;
    const end: KeyHostEnd = this.#closed ? 'closed' : this.#renewing ? 'renewed' : 'crashed';
    this.#child = null;
    this.#up = false;
    this.#renewing = false;
    this.#ending = false;
    this.#beatIsDue = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    if (end === 'crashed') this.#options.onTrouble?.({ trouble: 'exited', exitCode });
    if (wasUp) for (const listener of [...this.#downListeners]) listener(end);
    switch (end) {
      case 'closed':
        return this.#settle();
      case 'renewed':
        return this.#spawn();
      case 'crashed':
        return this.#restartLater();
      default:
        return end satisfies never;
    }
  }

  #restartLater(): void {
    // Whoever waits for a fresh process has it: this one is gone, and its successor may be long in coming.
    this.#settle();
    if (this.#closed) return;
    const delayMs = restartDelaysMs[this.#crashesInARow] ?? longestRestartDelayMs;
    this.#crashesInARow += 1;
    this.#cancelRestart = this.#options.clock.after(delayMs, () => this.#spawn());
  }

  #settle(): void {
    for (const settle of this.#settled.splice(0)) settle();
  }

  #postLife(message: LifeRequest): void {
    this.#pipe.post({ channel: 'life', body: message });
  }

  /** Timers end with the process they watch. */
  #after(delayMs: number, run: () => void): () => void {
    const stop = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#timers.delete(cancel);
      stop();
    };
    this.#timers.add(cancel);
    return cancel;
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
