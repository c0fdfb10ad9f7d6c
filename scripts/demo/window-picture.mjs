// One picture of a window from the pictures of its views, laid over one another as they stand.

import { PNG } from 'pngjs';

/**
 * @typedef {object} ViewPicture
 * @property {{ x: number, y: number, width: number, height: number }} bounds in the window
 * @property {Buffer} png of the view; scaled displays give more pixels than the bounds
 */

/**
 * @param {readonly ViewPicture[]} views from the lowest to the topmost
 * @returns {Buffer} PNG
 */
export function composePicture(views) {
  const width = Math.max(1, ...views.map(({ bounds }) => bounds.x + bounds.width));
  const height = Math.max(1, ...views.map(({ bounds }) => bounds.y + bounds.height));
  const whole = new PNG({ width, height });
  for (const { bounds, png } of views) {
    const view = PNG.sync.read(png);
    for (let y = 0; y < bounds.height; y += 1)
      copyRow({ from: view, fromY: Math.floor((y * view.height) / bounds.height), to: whole, bounds, y });
  }
  // The Paeth filter: large even grounds, and trying every filter takes most of a second.
  return PNG.sync.write(whole, { filterType: 4 });
}

/** @param {{ from: PNG, fromY: number, to: PNG, bounds: ViewPicture['bounds'], y: number }} row `y` counts from the top of the view */
function copyRow({ from, fromY, to, bounds, y }) {
  const source = fromY * from.width * 4;
  const target = ((bounds.y + y) * to.width + bounds.x) * 4;
  if (from.width === bounds.width) {
    from.data.copy(to.data, target, source, source + bounds.width * 4);
    return;
  }
  for (let x = 0; x < bounds.width; x += 1) {
    const pixel = source + Math.floor((x * from.width) / bounds.width) * 4;
    from.data.copy(to.data, target + x * 4, pixel, pixel + 4);
  }
}
