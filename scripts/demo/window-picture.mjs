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
    for (let y = 0; y < bounds.height; y += 1) {
      for (let x = 0; x < bounds.width; x += 1) {
        const from =
          (Math.floor((y * view.height) / bounds.height) * view.width + Math.floor((x * view.width) / bounds.width)) * 4;
        const to = ((bounds.y + y) * width + bounds.x + x) * 4;
        view.data.copy(whole.data, to, from, from + 4);
      }
    }
  }
  return PNG.sync.write(whole);
}
