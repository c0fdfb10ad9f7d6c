// The real keys of this machine as a source of links: what is plugged in, and how to open it. Where the system tells when
// devices come and go, it is asked then; elsewhere it is asked twice a second.
import { access, constants, readdir } from 'node:fs/promises';
import { PacketLinkClosed, type PacketLink } from '../../fido/hid/packet-link.ts';
import type { FidoClock } from '../../fido/surroundings.ts';
import type { LinkEvent, LinkObstacle, LinkSource, PluggedInterface } from '../../keyhost/plugged/link-source.ts';
import { Changes } from './changes.ts';
import { nodeHidBackend, type HidBackend, type ListedInterface } from './hid-backend.ts';
import { NodeHidLink } from './node-hid-link.ts';

/** udev gives a new device to the person at the seat a moment after it appears. */
const PERMISSION_WITHIN_MS = 1_500;
const PERMISSION_RETRY_MS = 100;
/** Readable for elevated processes only; Windows hides FIDO devices from all others. */
const WINDOWS_ELEVATED_FOLDER = String.raw`C:\Windows\System32\config`;

export interface HidLinkSourceOptions {
  readonly clock: FidoClock;
  /** Makes the error for a key that is there but can't be opened: the key host's LinkNotOpened. */
  readonly notOpened: (obstacle: LinkObstacle, options: ErrorOptions) => Error;
  readonly backend?: HidBackend;
  readonly platform?: NodeJS.Platform;
  /** Whether this process may read and write the device file. Linux only; rejects as `fs.access` does. */
  readonly checkAccess?: (path: string) => Promise<void>;
}

export function hidLinkSource(options: HidLinkSourceOptions): LinkSource {
  return new HidLinkSource(options);
}

class HidLinkSource implements LinkSource {
  readonly #clock: FidoClock;
  readonly #notOpened: HidLinkSourceOptions['notOpened'];
  readonly #backend: HidBackend;
  readonly #platform: NodeJS.Platform;
  readonly #checkAccess: (path: string) => Promise<void>;
  /** Paths of keys that have no FIDO interface now. */
  #fidoOff: ReadonlySet<string> = new Set();

  constructor(options: HidLinkSourceOptions) {
    this.#clock = options.clock;
    this.#notOpened = options.notOpened;
    this.#backend = options.backend ?? nodeHidBackend;
    this.#platform = options.platform ?? process.platform;
    this.#checkAccess = options.checkAccess ?? ((path) => access(path, constants.R_OK | constants.W_OK));
  }

  watch(listener: (event: LinkEvent) => void): () => void {
    const stop = new AbortController();
    const tell = (event: LinkEvent) => {
      if (!stop.signal.aborted) listener(event);
    };
    void this.#lookAround(tell, stop.signal);
    if (this.#platform === 'win32') void tellIfNotElevated(tell);
    return () => stop.abort();
  }

  async open(path: string): Promise<PacketLink> {
    if (this.#fidoOff.has(path)) throw this.#notOpened('fidoOff', {});
    if (this.#platform === 'linux') await this.#waitForPermission(path);
    try {
      return await NodeHidLink.open(this.#backend, path);
    } catch (cause) {
      const isListed = (await this.#list([])).some((listed) => listed.path === path);
      if (!isListed) throw new PacketLinkClosed('the key is gone', { cause });
      throw this.#notOpened(obstacleOf(this.#platform, cause), { cause });
    }
  }

  async #lookAround(tell: (event: LinkEvent) => void, signal: AbortSignal): Promise<void> {
    let known: readonly ListedInterface[] = [];
    const changes = new Changes(this.#clock, this.#backend, signal);
    while (!signal.aborted) {
      const listed = await this.#list(known);
      this.#fidoOff = new Set(listed.flatMap(({ path, isFidoOff }) => (isFidoOff === true ? [path] : [])));
      for (const old of known) {
        if (!listed.some((now) => isSame(now, old))) tell({ type: 'removed', path: old.path });
      }
      for (const now of listed) {
        if (!known.some((old) => isSame(now, old))) tell({ type: 'inserted', plugged: pluggedOf(now) });
      }
      known = listed;
      await changes.next();
    }
  }

  /** A look that fails, as may happen while a device comes or goes, counts as having seen what was there before. */
  async #list(before: readonly ListedInterface[]): Promise<readonly ListedInterface[]> {
    try {
      return await this.#backend.list();
    } catch {
      return before;
    }
  }

  async #waitForPermission(path: string): Promise<void> {
    const untilMs = this.#clock.nowMs() + PERMISSION_WITHIN_MS;
    const never = new AbortController().signal;
    for (;;) {
      try {
        return await this.#checkAccess(path);
      } catch (cause) {
        if (!isDenied(cause)) throw new PacketLinkClosed('the key is gone', { cause });
        if (this.#clock.nowMs() >= untilMs) throw this.#notOpened('permission', { cause });
      }
      await this.#clock.wait(PERMISSION_RETRY_MS, never);
    }
  }
}

function isSame(left: ListedInterface, right: ListedInterface): boolean {
  return (
    left.path === right.path &&
    left.vendorId === right.vendorId &&
    left.productId === right.productId &&
    left.serial === right.serial &&
    left.incarnation === right.incarnation
  );
}

function pluggedOf({ path, vendorId, productId, product, serial }: ListedInterface): PluggedInterface {
  return { path, vendorId, productId, product, ...(serial === undefined ? {} : { serial }) };
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}

/**
 * Why a listed device did not open. macOS gives its I/O Kit codes in hidapi's text: 0xE00002E2 not permitted, 0xE00002C5
 * seized by another program. On Windows an unelevated process does not even see the device, so one that is seen is taken.
 */
function obstacleOf(platform: NodeJS.Platform, cause: unknown): LinkObstacle {
  const text = cause instanceof Error ? cause.message : '';
  if (platform === 'darwin') return /e00002e2/iu.test(text) ? 'permission' : 'inUse';
  if (platform === 'win32') return /access is denied|0x00000005/iu.test(text) ? 'elevation' : 'inUse';
  return 'inUse';
}

async function tellIfNotElevated(tell: (event: LinkEvent) => void): Promise<void> {
  try {
    await readdir(WINDOWS_ELEVATED_FOLDER);
  } catch (error) {
    if (isDenied(error)) tell({ type: 'obstacle', obstacle: 'elevation' });
  }
}
