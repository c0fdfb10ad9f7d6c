// Every status a CTAP2 answer can begin with. Source: CTAP 2.3 §8.2 and the older texts for retired names.
import { hexByte } from '../hid/codes.ts';

/** Names without the CTAP1_ERR_/CTAP2_ERR_ prefix. */
export const CTAP_STATUS = {
  OK: 0x00,
  INVALID_COMMAND: 0x01,
  INVALID_PARAMETER: 0x02,
  INVALID_LENGTH: 0x03,
  INVALID_SEQ: 0x04,
  TIMEOUT: 0x05,
  CHANNEL_BUSY: 0x06,
  LOCK_REQUIRED: 0x0a,
  INVALID_CHANNEL: 0x0b,
  CBOR_UNEXPECTED_TYPE: 0x11,
  INVALID_CBOR: 0x12,
  MISSING_PARAMETER: 0x14,
  LIMIT_EXCEEDED: 0x15,
  /** Retired; CTAP 2.0 keys. */
  UNSUPPORTED_EXTENSION: 0x16,
  FP_DATABASE_FULL: 0x17,
  LARGE_BLOB_STORAGE_FULL: 0x18,
  CREDENTIAL_EXCLUDED: 0x19,
  PROCESSING: 0x21,
  INVALID_CREDENTIAL: 0x22,
  USER_ACTION_PENDING: 0x23,
  OPERATION_PENDING: 0x24,
  NO_OPERATIONS: 0x25,
  UNSUPPORTED_ALGORITHM: 0x26,
  OPERATION_DENIED: 0x27,
  KEY_STORE_FULL: 0x28,
  UNSUPPORTED_OPTION: 0x2b,
  INVALID_OPTION: 0x2c,
  KEEPALIVE_CANCEL: 0x2d,
  NO_CREDENTIALS: 0x2e,
  USER_ACTION_TIMEOUT: 0x2f,
  NOT_ALLOWED: 0x30,
  PIN_INVALID: 0x31,
  PIN_BLOCKED: 0x32,
  PIN_AUTH_INVALID: 0x33,
  PIN_AUTH_BLOCKED: 0x34,
  PIN_NOT_SET: 0x35,
  PUAT_REQUIRED: 0x36,
  PIN_POLICY_VIOLATION: 0x37,
  /** Retired; reserved today. */
  PIN_TOKEN_EXPIRED: 0x38,
  REQUEST_TOO_LARGE: 0x39,
  ACTION_TIMEOUT: 0x3a,
  UP_REQUIRED: 0x3b,
  UV_BLOCKED: 0x3c,
  INTEGRITY_FAILURE: 0x3d,
  INVALID_SUBCOMMAND: 0x3e,
  UV_INVALID: 0x3f,
  UNAUTHORIZED_PERMISSION: 0x40,
  OTHER: 0x7f,
  /** Marks the end of the specified range. */
  SPEC_LAST: 0xdf,
} as const;

/** From here on makers number as they like. */
export const FIRST_VENDOR_STATUS = 0xf0;

export type CtapStatusName = keyof typeof CTAP_STATUS;

const NAMES: ReadonlyMap<number, CtapStatusName> = new Map(
  (Object.keys(CTAP_STATUS) as CtapStatusName[]).map((name) => [CTAP_STATUS[name], name]),
);

/** The name of a status. Others are named by their range: `EXTENSION_0xe1`, `VENDOR_0xf1`, `UNKNOWN_0x41`. */
export function ctapStatusName(status: number): string {
  const name = NAMES.get(status);
  if (name !== undefined) return name;
  if (status >= FIRST_VENDOR_STATUS) return `VENDOR_${hexByte(status)}`;
  if (status >= 0xe0) return `EXTENSION_${hexByte(status)}`;
  return `UNKNOWN_${hexByte(status)}`;
}

/** The key carried a command out as far as refusing it. */
export class CtapStatusError extends Error {
  override readonly name = 'CtapStatusError';
  readonly status: number;
  readonly statusName: string;
  /** `makeCredential`, `clientPin` and so on. */
  readonly command: string;
  readonly subCommand: string | undefined;
  constructor(status: number, command: string, subCommand?: string) {
    const what = subCommand === undefined ? command : `${command}/${subCommand}`;
    super(`${what} refused: ${ctapStatusName(status)} (${hexByte(status)})`);
    this.status = status;
    this.statusName = ctapStatusName(status);
    this.command = command;
    this.subCommand = subCommand;
  }
}

/** Whether `error` is a key's refusal with exactly this status. */
export function isStatus(error: unknown, status: number): error is CtapStatusError {
  return error instanceof CtapStatusError && error.status === status;
}
