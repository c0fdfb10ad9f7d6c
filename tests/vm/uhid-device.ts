// A virtual key as a device of the Linux kernel: /dev/uhid makes a HID device whose driver is this process. From there on
// everything is real: hidraw, sysfs, permissions, and what programs find when they look for keys.
// Source: Linux include/uapi/linux/uhid.h and Documentation/hid/uhid.rst; report descriptor: CTAP 2.3 §11.2.8.2.
import { open, type FileHandle } from 'node:fs/promises';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import type { KeyOnBus } from '../../main/simulator/key/virtual-usb.ts';

const Event = {
  destroy: 1,
  stop: 3,
  output: 6,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
} as const;

/** The largest event: type, then struct uhid_create2_req (packed). */
const EVENT_BYTES = 4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + 4096;
const OUTPUT_DATA_BYTES = 4096;
const BUS_USB = 0x03;
const EIO = 5;
const REPORT_BYTES = 64;

/** Usage page F1D0, usage 1: 64 bytes in, 64 bytes out, no report numbers. */
const FIDO_REPORT_DESCRIPTOR = Buffer.from('06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0', 'hex');

/** A keyboard in the boot form (HID 1.11, appendix B.1), without lamps. */
const KEYBOARD_REPORT_DESCRIPTOR = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810195067508150025650507190029658100c0',
  'hex',
);

export interface KernelDevice {
  /** Takes the device out of the kernel, as pulling the key does. */
  remove(): Promise<void>;
}

/** Makes the kernel device and carries reports both ways until the link closes or the device is removed. */
export async function presentThroughUhid(plugged: KeyOnBus, link: PacketLink): Promise<KernelDevice> {
  const uhid = await open('/dev/uhid', 'r+');
  await uhid.write(createEvent(plugged, FIDO_REPORT_DESCRIPTOR));
  const stop = new AbortController();
  const carrying = Promise.all([
    toKernel(uhid, link, stop.signal).catch(() => undefined), // the link closed: the key is out
    fromKernel(uhid, link),
  ]);
  return {
    remove: async () => {
      stop.abort();
      await uhid.write(eventOf(Event.destroy, 0));
      await carrying;
      await uhid.close();
    },
  };
}

/** A keyboard that nobody types on. */
export async function presentKeyboard(product: string, ids: { vendorId: number; productId: number }): Promise<KernelDevice> {
  const uhid = await open('/dev/uhid', 'r+');
  await uhid.write(createEvent({ product, ...ids, path: product }, KEYBOARD_REPORT_DESCRIPTOR));
  return {
    remove: async () => {
      await uhid.write(eventOf(Event.destroy, 0));
      await uhid.close();
    },
  };
}

async function toKernel(uhid: FileHandle, link: PacketLink, signal: AbortSignal): Promise<void> {
  for (;;) {
    const report = await link.read(signal);
    const event = eventOf(Event.input2, 2 + report.length);
    event.writeUInt16LE(report.length, 4);
    event.set(report, 6);
    await uhid.write(event);
  }
}

/** Reads until the kernel says that the device has stopped. */
async function fromKernel(uhid: FileHandle, link: PacketLink): Promise<void> {
  const event = Buffer.alloc(EVENT_BYTES);
  for (;;) {
    await uhid.read(event, 0, event.length, null);
    switch (event.readUInt32LE(0)) {
      case Event.stop:
        return;
      case Event.output:
        await link.write(outputOf(event)).catch(() => undefined); // a key that was pulled out hears nothing
        break;
      case Event.getReport:
        await uhid.write(replyOf(Event.getReportReply, event));
        break;
      case Event.setReport:
        await uhid.write(replyOf(Event.setReportReply, event));
        break;
    }
  }
}

/** hidraw hands over what was written to it, the report number in front included. */
function outputOf(event: Buffer): Uint8Array {
  const size = event.readUInt16LE(4 + OUTPUT_DATA_BYTES);
  const data = event.subarray(4, 4 + size);
  return Uint8Array.from(size === REPORT_BYTES + 1 ? data.subarray(1) : data);
}

/** FIDO devices have no feature reports: whoever asks is refused. */
function replyOf(type: number, request: Buffer): Buffer {
  const reply = eventOf(type, 8);
  request.copy(reply, 4, 4, 8); // the request's id
  reply.writeUInt16LE(EIO, 8);
  return reply;
}

function createEvent({ product, vendorId, productId, serial = '', path }: Omit<KeyOnBus, 'plug'>, descriptor: Buffer): Buffer {
  const event = eventOf(Event.create2, EVENT_BYTES - 4);
  event.write(product, 4, 127, 'utf8');
  event.write(path, 4 + 128, 63, 'utf8');
  event.write(serial, 4 + 128 + 64, 63, 'utf8');
  let at = 4 + 128 + 64 + 64;
  at = event.writeUInt16LE(descriptor.length, at);
  at = event.writeUInt16LE(BUS_USB, at);
  at = event.writeUInt32LE(vendorId, at);
  at = event.writeUInt32LE(productId, at);
  at += 8; // version and country: none
  event.set(descriptor, at);
  return event;
}

function eventOf(type: number, bodyBytes: number): Buffer {
  const event = Buffer.alloc(4 + bodyBytes);
  event.writeUInt32LE(type, 0);
  return event;
}
