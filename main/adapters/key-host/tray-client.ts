// The practice desk's hand in the training tray: plugs virtual keys in, takes them out and touches them.
import type { PracticeKey, PracticeTouch } from '../../../contract/practice.ts';
import type { HostPort } from '../../keyhost/host-port.ts';
import { trayMessageSchema, type TrayDeed, type TrayRequest } from '../../keyhost/tray/tray-protocol.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { KeyHostEnd, KeyHostSupervisor } from './key-host-supervisor.ts';

export interface TrayClientOptions {
  readonly host: KeyHostSupervisor;
  readonly clock: ClockPort;
}

export interface TrayClient {
  /** The whole tray as last told; empty while the host is down. */
  readonly keys: readonly PracticeKey[];
  /** Tells the whole tray now and at every change. The result stops it. */
  onKeys(listener: (keys: readonly PracticeKey[]) => void): () => void;
  /** DER root certificates of the practice keys' attestation, now if known and again after every start of the host. The result stops it. */
  onRoots(listener: (rootsDer: readonly Uint8Array[]) => void): () => void;
  /** False when there is no such key, it is not possible now, or the host is down. */
  plugIn(keyId: string): Promise<boolean>;
  takeOut(keyId: string): Promise<boolean>;
  touch(keyId: string, how: PracticeTouch): Promise<boolean>;
  /** The key as it came out of the box, in the tray. */
  renew(keyId: string): Promise<boolean>;
  close(): void;
}

const answerWithinMs = 3_000;

/** For a host that was started with `links: 'virtual'`. */
export function createTrayClient(options: TrayClientOptions): TrayClient {
  return new HostTrayClient(options);
}

class HostTrayClient implements TrayClient {
  readonly #clock: ClockPort;
  readonly #wire: HostPort;
  readonly #host: KeyHostSupervisor;
  readonly #keyListeners = new Set<(keys: readonly PracticeKey[]) => void>();
  readonly #rootListeners = new Set<(roots: readonly Uint8Array[]) => void>();
  readonly #waiting = new Map<number, (taken: boolean) => void>();
  readonly #stops: readonly (() => void)[];
  #keys: readonly PracticeKey[] = [];
  #roots: readonly Uint8Array[] | null = null;
  /** What a fallen host leaves to be done: keys that were plugged in, for the next host to find them so. */
  #toPlugIn: readonly string[] = [];
  #lastId = 0;

  constructor({ host, clock }: TrayClientOptions) {
    this.#clock = clock;
    this.#host = host;
    this.#wire = host.channel('tray');
    this.#stops = [
      this.#wire.onMessage((message) => this.#onMessage(message)),
      host.onDown((end) => this.#onDown(end)),
      host.onUp(() => this.#post({ verb: 'open', id: this.#nextId() })),
    ];
  }

  get keys(): readonly PracticeKey[] {
    return this.#keys;
  }

  onKeys(listener: (keys: readonly PracticeKey[]) => void): () => void {
    listener(this.#keys);
    this.#keyListeners.add(listener);
    return () => this.#keyListeners.delete(listener);
  }

  onRoots(listener: (rootsDer: readonly Uint8Array[]) => void): () => void {
    if (this.#roots) listener(this.#roots);
    this.#rootListeners.add(listener);
    return () => this.#rootListeners.delete(listener);
  }

  plugIn(keyId: string): Promise<boolean> {
    return this.#ask({ verb: 'plugIn', keyId });
  }

  takeOut(keyId: string): Promise<boolean> {
    return this.#ask({ verb: 'takeOut', keyId });
  }

  touch(keyId: string, how: PracticeTouch): Promise<boolean> {
    return this.#ask({ verb: 'touch', keyId, how });
  }

  renew(keyId: string): Promise<boolean> {
    return this.#ask({ verb: 'renew', keyId });
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const settle of [...this.#waiting.values()]) settle(false);
    this.#keyListeners.clear();
    this.#rootListeners.clear();
  }

  #ask(deed: TrayDeed): Promise<boolean> {
    if (!this.#host.isUp) return Promise.resolve(false);
    const id = this.#nextId();
    return new Promise((resolve) => {
      const settle = (taken: boolean) => {
        stopClock();
        this.#waiting.delete(id);
        resolve(taken);
      };
      const stopClock = this.#clock.after(answerWithinMs, () => settle(false));
      this.#waiting.set(id, settle);
      this.#post({ ...deed, id });
    });
  }

  #post(request: TrayRequest): void {
    this.#wire.post(request);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #onMessage(body: unknown): void {
    const message = trayMessageSchema.safeParse(body);
    if (!message.success) return this.#host.condemn('malformed');
    switch (message.data.type) {
      case 'keys':
        this.#setKeys(message.data.keys);
        return this.#plugInAgain();
      case 'roots':
        this.#roots = message.data.roots;
        for (const listener of [...this.#rootListeners]) listener(this.#roots);
        return;
      case 'answer':
        return this.#waiting.get(message.data.id)?.(message.data.taken);
      default:
        return message.data satisfies never;
    }
  }

  #onDown(end: KeyHostEnd): void {
    for (const settle of [...this.#waiting.values()]) settle(false);
    if (end === 'crashed') this.#toPlugIn = this.#keys.filter(({ state }) => state !== 'inTray').map(({ id }) => id);
    this.#setKeys([]);
  }

  /** A crash pulls no key out. Virtual ones lose their memory with the process they live in: they come back factory fresh. */
  #plugInAgain(): void {
    const keyIds = this.#toPlugIn;
    this.#toPlugIn = [];
    for (const keyId of keyIds) void this.plugIn(keyId);
  }

  #setKeys(keys: readonly PracticeKey[]): void {
    this.#keys = keys;
    for (const listener of [...this.#keyListeners]) listener(keys);
  }
}
