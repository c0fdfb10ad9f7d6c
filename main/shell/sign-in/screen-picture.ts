import type { WebContents } from 'electron';
import type { ClockPort } from '../../ports/clock.ts';
import { tooLate, within } from '../deadline.ts';

/** Pixels, row by row, four bytes each: red, green, blue, alpha. */
export interface ScreenPicture {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const limitMs = 5_000;

/** What the view shows now; null when it gives no picture in time. */
export async function takePicture(contents: WebContents, clock: ClockPort): Promise<ScreenPicture | null> {
  const image = await within(
    clock,
    limitMs,
    contents.capturePage().catch(() => null),
  );
  if (image === tooLate || !image || image.isEmpty()) return null;
  const scaleFactor = Math.max(...image.getScaleFactors());
  const rgba = new Uint8Array(image.toBitmap({ scaleFactor }));
  // Skia's native order on every desktop system is blue, green, red, alpha.
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const blue = rgba[at] ?? 0;
    rgba[at] = rgba[at + 2] ?? 0;
    rgba[at + 2] = blue;
  }
  // The size is given in device-independent pixels, the bytes are real ones.
  const size = image.getSize(scaleFactor);
  const width = Math.round(size.width * Math.sqrt(rgba.length / 4 / (size.width * size.height)));
  const height = rgba.length / 4 / width;
  return Number.isInteger(height) ? { rgba, width, height } : null;
}
