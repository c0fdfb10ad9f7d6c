import { describe, expect, test } from 'vitest';
import { refusalOfStatus } from '../../main/fido/key/outcome.ts';
import { CTAP_STATUS, CtapStatusError, ctapStatusName, isStatus } from '../../main/fido/ctap/status.ts';
import { HID_ERROR, hidErrorName } from '../../main/fido/hid/codes.ts';

/** Typed from the status table of CTAP 2.3 §8.2, with the two retired names of older texts (0x16, 0x38). */
const SPECIFIED: Readonly<Record<number, string>> = {
  0x00: 'OK',
  0x01: 'INVALID_COMMAND',
  0x02: 'INVALID_PARAMETER',
  0x03: 'INVALID_LENGTH',
  0x04: 'INVALID_SEQ',
  0x05: 'TIMEOUT',
  0x06: 'CHANNEL_BUSY',
  0x0a: 'LOCK_REQUIRED',
  0x0b: 'INVALID_CHANNEL',
  0x11: 'CBOR_UNEXPECTED_TYPE',
  0x12: 'INVALID_CBOR',
  0x14: 'MISSING_PARAMETER',
  0x15: 'LIMIT_EXCEEDED',
  0x16: 'UNSUPPORTED_EXTENSION',
  0x17: 'FP_DATABASE_FULL',
  0x18: 'LARGE_BLOB_STORAGE_FULL',
  0x19: 'CREDENTIAL_EXCLUDED',
  0x21: 'PROCESSING',
  0x22: 'INVALID_CREDENTIAL',
  0x23: 'USER_ACTION_PENDING',
  0x24: 'OPERATION_PENDING',
  0x25: 'NO_OPERATIONS',
  0x26: 'UNSUPPORTED_ALGORITHM',
  0x27: 'OPERATION_DENIED',
  0x28: 'KEY_STORE_FULL',
  0x2b: 'UNSUPPORTED_OPTION',
  0x2c: 'INVALID_OPTION',
  0x2d: 'KEEPALIVE_CANCEL',
  0x2e: 'NO_CREDENTIALS',
  0x2f: 'USER_ACTION_TIMEOUT',
  0x30: 'NOT_ALLOWED',
  0x31: 'PIN_INVALID',
  0x32: 'PIN_BLOCKED',
  0x33: 'PIN_AUTH_INVALID',
  0x34: 'PIN_AUTH_BLOCKED',
  0x35: 'PIN_NOT_SET',
  0x36: 'PUAT_REQUIRED',
  0x37: 'PIN_POLICY_VIOLATION',
  0x38: 'PIN_TOKEN_EXPIRED',
  0x39: 'REQUEST_TOO_LARGE',
  0x3a: 'ACTION_TIMEOUT',
  0x3b: 'UP_REQUIRED',
  0x3c: 'UV_BLOCKED',
  0x3d: 'INTEGRITY_FAILURE',
  0x3e: 'INVALID_SUBCOMMAND',
  0x3f: 'UV_INVALID',
  0x40: 'UNAUTHORIZED_PERMISSION',
  0x7f: 'OTHER',
  0xdf: 'SPEC_LAST',
};

describe('status codes', () => {
  test('every specified one is there with its number, and no other', () => {
    expect(Object.fromEntries(Object.entries(CTAP_STATUS).map(([name, status]) => [status, name]))).toEqual(SPECIFIED);
  });

  test('all 256 have a name, and unknown ones keep their number', () => {
    for (let status = 0; status <= 0xff; status += 1) {
      const number = `0x${status.toString(16).padStart(2, '0')}`;
      const range = status >= 0xf0 ? 'VENDOR' : status >= 0xe0 ? 'EXTENSION' : 'UNKNOWN';
      expect(ctapStatusName(status)).toBe(SPECIFIED[status] ?? `${range}_${number}`);
    }
  });

  test('an error says what refused what', () => {
    const error = new CtapStatusError(0x33, 'clientPin', 'setPin');
    expect(error.message).toBe('clientPin/setPin refused: PIN_AUTH_INVALID (0x33)');
    expect(error).toMatchObject({ status: 0x33, statusName: 'PIN_AUTH_INVALID', command: 'clientPin', subCommand: 'setPin' });
    expect(new CtapStatusError(0xf1, 'makeCredential').message).toBe('makeCredential refused: VENDOR_0xf1 (0xf1)');
    expect([isStatus(error, 0x33), isStatus(error, 0x31), isStatus(new Error('x'), 0x33)]).toEqual([true, false, false]);
  });

  test('which of them always mean one refusal', () => {
    const meanings = Object.entries(CTAP_STATUS)
      .map(([name, status]) => [name, refusalOfStatus(status)?.kind])
      .filter(([, kind]) => kind !== undefined);
    expect(Object.fromEntries(meanings)).toEqual({
      CREDENTIAL_EXCLUDED: 'alreadyRegistered',
      UNSUPPORTED_ALGORITHM: 'noAlgorithm',
      OPERATION_DENIED: 'touchDenied',
      KEY_STORE_FULL: 'keyFull',
      NO_CREDENTIALS: 'noCredential',
      USER_ACTION_TIMEOUT: 'touchTimeout',
      ACTION_TIMEOUT: 'touchTimeout',
      PIN_BLOCKED: 'pinLocked',
      PIN_NOT_SET: 'pinNotSet',
      UNAUTHORIZED_PERMISSION: 'fingerprintNeeded',
      UV_INVALID: 'fingerprintWrong',
      UV_BLOCKED: 'fingerprintLocked',
      FP_DATABASE_FULL: 'fingerprintsFull',
    });
  });
});

test('transport errors are a space of their own', () => {
  const names = Object.fromEntries(Object.entries(HID_ERROR).map(([name, code]) => [code, name]));
  expect(names).toEqual({
    1: 'INVALID_CMD',
    2: 'INVALID_PAR',
    3: 'INVALID_LEN',
    4: 'INVALID_SEQ',
    5: 'MSG_TIMEOUT',
    6: 'CHANNEL_BUSY',
    10: 'LOCK_REQUIRED',
    11: 'INVALID_CHANNEL',
    127: 'OTHER',
  });
  expect([hidErrorName(6), hidErrorName(0x31)]).toEqual(['CHANNEL_BUSY', 'UNKNOWN']);
});
