// The numbers of CTAPHID. Source: CTAP 2.3 §11.2.9 (commands) and §11.2.9.1.6 (errors).

/** Commands, without the bit 0x80 that marks an initialization packet. 0x40 to 0x7f belong to vendors. */
export const HID_COMMAND = {
  PING: 0x01,
  MSG: 0x03,
  LOCK: 0x04,
  INIT: 0x06,
  WINK: 0x08,
  CBOR: 0x10,
  CANCEL: 0x11,
  KEEPALIVE: 0x3b,
  ERROR: 0x3f,
} as const;

export const BROADCAST_CHANNEL = 0xffff_ffff;

/** Bits of the capability byte in an INIT answer. `NMSG` set means U2F messages are not understood. */
export const HID_CAPABILITY = { WINK: 0x01, LOCK: 0x02, CBOR: 0x04, NMSG: 0x08 } as const;

export const KEEPALIVE_STATUS = { PROCESSING: 1, UP_NEEDED: 2 } as const;

/** Transport errors: a space of their own, although some numbers also exist as CTAP status codes. */
export const HID_ERROR = {
  INVALID_CMD: 0x01,
  INVALID_PAR: 0x02,
  INVALID_LEN: 0x03,
  INVALID_SEQ: 0x04,
  MSG_TIMEOUT: 0x05,
  CHANNEL_BUSY: 0x06,
  LOCK_REQUIRED: 0x0a,
  INVALID_CHANNEL: 0x0b,
  OTHER: 0x7f,
} as const;

export type HidErrorName = keyof typeof HID_ERROR | 'UNKNOWN';

const NAMES: ReadonlyMap<number, HidErrorName> = new Map(
  (Object.keys(HID_ERROR) as (keyof typeof HID_ERROR)[]).map((name) => [HID_ERROR[name], name]),
);

export function hidErrorName(code: number): HidErrorName {
  return NAMES.get(code) ?? 'UNKNOWN';
}

/** A two-digit hexadecimal number for messages: `0x0b`. */
export function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
