// Status codes as an authenticator gives them. Source: CTAP 2.3 §6.3 (status codes). The client has its own table.

export const Status = {
  ok: 0x00,
  invalidCommand: 0x01,
  invalidParameter: 0x02,
  invalidLength: 0x03,
  unexpectedType: 0x11,
  invalidCbor: 0x12,
  missingParameter: 0x14,
  limitExceeded: 0x15,
  fingerprintsFull: 0x17,
  credentialExcluded: 0x19,
  unsupportedAlgorithm: 0x26,
  operationDenied: 0x27,
  keyStoreFull: 0x28,
  unsupportedOption: 0x2b,
  invalidOption: 0x2c,
  keepaliveCancel: 0x2d,
  noCredentials: 0x2e,
  userActionTimeout: 0x2f,
  notAllowed: 0x30,
  pinInvalid: 0x31,
  pinBlocked: 0x32,
  pinAuthInvalid: 0x33,
  pinAuthBlocked: 0x34,
  pinNotSet: 0x35,
  pinUvAuthTokenRequired: 0x36,
  pinPolicyViolation: 0x37,
  requestTooLarge: 0x39,
  actionTimeout: 0x3a,
  uvBlocked: 0x3c,
  invalidSubCommand: 0x3e,
  uvInvalid: 0x3f,
  unauthorizedPermission: 0x40,
  vendorFirst: 0xf0,
} as const;

/** The authenticator refuses a command; the dispatcher turns it into the answer's one status byte. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  constructor(status: number, because: string) {
    super(`0x${status.toString(16).padStart(2, '0')}: ${because}`);
    this.status = status;
  }
}
