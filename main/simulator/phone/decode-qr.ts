// The phone's camera: from pixels to the text of a QR code.
import { decodeQR } from 'qr/decode.js';

/** Enough for a full screen; the decoder's own limit is made for live camera frames. */
const RETRY_LIMIT_MS = 1500;

/** `rgba`: four bytes a pixel, row by row. Null when no code can be read. */
export function decodeQr(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): string | null {
  if (rgba.length !== width * height * 4) throw new RangeError('the pixels do not fill the picture');
  try {
    return decodeQR({ data: rgba, width, height }, { format: 'RGBA', timeLimit: RETRY_LIMIT_MS });
  } catch {
    return null; // the decoder's way of saying that it sees none
  }
}
