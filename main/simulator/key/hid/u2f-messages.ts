// The little of CTAP1/U2F that tells a U2F key apart. Firstkey never registers over U2F: such a key holds neither a PIN
// nor a discoverable credential, so registration and authentication are refused as instructions this key lacks.
// Source: FIDO U2F Raw Message Formats v1.2 §3 (framing), §6 (version).

const STATUS_OK = 0x9000;
const STATUS_WRONG_LENGTH = 0x6700;
const STATUS_CLASS_UNKNOWN = 0x6e00;
const STATUS_INSTRUCTION_UNKNOWN = 0x6d00;

const INSTRUCTION_VERSION = 0x03;

/** Answers one APDU: data followed by the two status bytes. */
export function answerU2fMessage(apdu: Uint8Array): Uint8Array {
  const [instructionClass, instruction] = apdu;
  if (apdu.length < 4 || instructionClass === undefined || instruction === undefined) {
    return withStatus(STATUS_WRONG_LENGTH);
  }
  if (instructionClass !== 0) return withStatus(STATUS_CLASS_UNKNOWN);
  if (instruction !== INSTRUCTION_VERSION) return withStatus(STATUS_INSTRUCTION_UNKNOWN);
  // Nothing, or an expected-length field alone: the version request has no data.
  const carriesData = apdu.subarray(4).some((byte) => byte !== 0);
  if (carriesData) return withStatus(STATUS_WRONG_LENGTH);
  return withStatus(STATUS_OK, new TextEncoder().encode('U2F_V2'));
}

function withStatus(status: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  return Uint8Array.of(...data, status >> 8, status & 0xff);
}
