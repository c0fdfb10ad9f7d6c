// What a camera would see of the QR code on a page: the page's own drawing, turned into pixels.

export interface Picture {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Draws the `<svg class="qr">` of a page at `scale` pixels a module on a grey ground. Null when there is none. */
export function pictureOfQr(page: string, scale = 4): Picture | null {
  const size = Number(/<svg\s+class="qr"[\s\S]*?viewBox="0 0 (\d+) \d+"/.exec(page)?.[1]);
  const path = /<path\s+d="([^"]+)"/.exec(page)?.[1];
  if (!size || path === undefined) return null;
  const margin = 10;
  const width = size * scale + 2 * margin;
  const rgba = new Uint8Array(width * width * 4).fill(200);
  const paint = (x: number, y: number, shade: number): void => {
    for (let row = 0; row < scale; row += 1) {
      for (let column = 0; column < scale; column += 1) {
        const at = ((margin + y * scale + row) * width + margin + x * scale + column) * 4;
        rgba.fill(shade, at, at + 3);
        rgba[at + 3] = 255;
      }
    }
  };
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) paint(x, y, 255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) paint(Number(x), Number(y), 0);
  return { rgba, width, height: width };
}
