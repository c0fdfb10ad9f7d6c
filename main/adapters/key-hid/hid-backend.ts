// The operating system's HID devices, as far as this adapter asks for them. Real ones come through node-hid; tests put
// their own in its place.
import { HIDAsync, devicesAsync, type Device } from 'node-hid';
import { stat } from 'node:fs/promises';
import { isYubikeyWithoutFido } from '../../fido/metadata/key-quirks.ts';
import { watchDeviceFolder } from './device-folder.ts';

/** FIDO Alliance's usage page and the one usage on it (CTAP 2.3 §11.2.8.2). Vendor ids say nothing about FIDO. */
const FIDO_USAGE_PAGE = 0xf1d0;
const FIDO_USAGE = 0x01;

/** One FIDO interface that is listed now, or the interface by which a key shows whose FIDO interface is switched off. */
export interface ListedInterface {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string | null;
  /** The USB serial string; left out where the device has none. */
  readonly serial?: string;
  /** The key is there, and its FIDO side is off: there is nothing to open. */
  readonly isFidoOff?: boolean;
  /** Differs when another device has come to the same path in the meantime; empty where the system has nothing for it. */
  readonly incarnation: string;
}

/** An open device. `onReport` and `onGone` are told from the moment of opening. */
export interface HidHandle {
  /** Bytes as node-hid wants them: the report ID, then the report. */
  write(bytes: Uint8Array): Promise<unknown>;
  close(): Promise<void>;
}

export interface HidListeners {
  readonly onReport: (report: Uint8Array) => void;
  /** The device can't be read any more. */
  readonly onGone: (cause: unknown) => void;
}

export interface HidBackend {
  /** All FIDO interfaces; those that may not be opened too, where the system lists them, and keys without one. */
  list(): Promise<readonly ListedInterface[]>;
  /**
   * Calls whenever a device may have come or gone; `onEnd` runs once if the system stops telling. The result stops it, and
   * is null where the system tells nobody.
   */
  onChange(listener: () => void, onEnd: () => void): (() => void) | null;
  /** Rejects with the system's own error. */
  open(path: string, listeners: HidListeners): Promise<HidHandle>;
}

export const nodeHidBackend: HidBackend = {
  async list() {
    const listed = listedInterfaces(await devicesAsync());
    return Promise.all(listed.map(async (entry) => ({ ...entry, incarnation: await incarnationOf(entry.path) })));
  },

  // hidapi 0.15 has no events. Linux tells of its device files; Windows and macOS have to be asked.
  onChange: (listener, onEnd) => (process.platform === 'linux' ? watchDeviceFolder('/dev', listener, onEnd) : null),

  async open(path, { onReport, onGone }) {
    const device = await HIDAsync.open(path);
    // First the errors: one without a listener would end the process. The data listener stays for the handle's whole life,
    // because the queue below it is short and drops what nobody fetches.
    device.on('error', onGone);
    device.on('data', (data: Uint8Array) => onReport(new Uint8Array(data)));
    return {
      write: (bytes) => device.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
      close: () => device.close(),
    };
  },
};

/** Of all that the system lists, what is a FIDO interface or stands for one that is switched off. */
export function listedInterfaces(devices: readonly Device[]): readonly Omit<ListedInterface, 'incarnation'>[] {
  const byPath = new Map<string, Omit<ListedInterface, 'incarnation'>>();
  for (const { path, vendorId, productId, product, serialNumber, usagePage, usage } of devices) {
    const isFido = usagePage === FIDO_USAGE_PAGE && usage === FIDO_USAGE;
    const isFidoOff = !isFido && isYubikeyWithoutFido({ vendorId, productId });
    if (path === undefined || (!isFido && !isFidoOff)) continue;
    const serial = serialNumber ? { serial: serialNumber } : {};
    byPath.set(path, { path, vendorId, productId, product: product || null, ...serial, isFidoOff });
  }
  return [...byPath.values()];
}

/** hidrawN is given to the next device at once; its node in /dev is a new one, with a new number. */
async function incarnationOf(path: string): Promise<string> {
  if (process.platform !== 'linux') return '';
  try {
    return String((await stat(path)).ino);
  } catch {
    return ''; // gone again, or not a file; the next look tells
  }
}
