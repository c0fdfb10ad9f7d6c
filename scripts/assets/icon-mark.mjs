// The mark: a rounded square in petrol, on it a key with a ring, a stem and one single tooth, the first one. Drawn from the
// same few numbers as a vector and as pixels of any size, so that no size is a blurred copy of another.

/** The square the numbers below are in. */
const side = 52;
const ground = { radius: 14, colour: [0x0b, 0x59, 0x60] };
const line = { halfWidth: 2.5, colour: [0xff, 0xff, 0xff] };
const ring = { x: 25, y: 17.5, radius: 7.5 };
/** Stem and tooth, as straight lines with round ends. */
const strokes = [
  { from: { x: 25, y: 25 }, to: { x: 25, y: 43 } },
  { from: { x: 25, y: 40 }, to: { x: 33, y: 40 } },
];

/** @returns {string} the mark as an SVG file */
export function markAsSvg() {
  const stems = strokes.map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}">`,
    `  <rect width="${side}" height="${side}" rx="${ground.radius}" fill="${hex(ground.colour)}"/>`,
    `  <g fill="none" stroke="${hex(line.colour)}" stroke-width="${line.halfWidth * 2}" stroke-linecap="round">`,
    `    <circle cx="${ring.x}" cy="${ring.y}" r="${ring.radius}"/>`,
    `    <path d="${stems}"/>`,
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

/**
 * @param {number} pixels width and height of the picture
 * @param {number} [margin] empty part at each edge, 0 to 0.5 of the width
 * @returns {Buffer} RGBA, row by row, straight alpha
 */
export function markAsPixels(pixels, margin = 0) {
  const picture = Buffer.alloc(pixels * pixels * 4);
  const unitsPerPixel = side / (pixels * (1 - 2 * margin));
  const offset = pixels * margin;
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const point = { x: (column + 0.5 - offset) * unitsPerPixel, y: (row + 0.5 - offset) * unitsPerPixel };
      const inGround = coverage(distanceToGround(point), unitsPerPixel);
      const inLine = coverage(distanceToKey(point), unitsPerPixel);
      const at = (row * pixels + column) * 4;
      for (const [index, from] of ground.colour.entries()) {
        picture[at + index] = Math.round(from + ((line.colour[index] ?? 0) - from) * inLine);
      }
      picture[at + 3] = Math.round(255 * inGround);
    }
  }
  return picture;
}

/** @typedef {{ x: number, y: number }} Point */

/** @param {Point} point @returns {number} to the edge of the rounded square, negative inside */
function distanceToGround({ x, y }) {
  const inner = side / 2 - ground.radius;
  const beyondX = Math.abs(x - side / 2) - inner;
  const beyondY = Math.abs(y - side / 2) - inner;
  return Math.hypot(Math.max(beyondX, 0), Math.max(beyondY, 0)) + Math.min(Math.max(beyondX, beyondY), 0) - ground.radius;
}

/** @param {Point} point @returns {number} to the edge of the key's line, negative on it */
function distanceToKey(point) {
  const toRing = Math.abs(Math.hypot(point.x - ring.x, point.y - ring.y) - ring.radius);
  return Math.min(toRing, ...strokes.map((stroke) => distanceToStroke(point, stroke))) - line.halfWidth;
}

/** @param {Point} point @param {{ from: Point, to: Point }} stroke @returns {number} */
function distanceToStroke(point, { from, to }) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy);
  const nearest = Math.min(Math.max(along, 0), 1);
  return Math.hypot(point.x - from.x - nearest * dx, point.y - from.y - nearest * dy);
}

/** @param {number} distance @param {number} unitsPerPixel @returns {number} how much of the pixel is inside, 0 to 1 */
function coverage(distance, unitsPerPixel) {
  return Math.min(Math.max(0.5 - distance / unitsPerPixel, 0), 1);
}

/** @param {number[]} colour @returns {string} */
function hex(colour) {
  return `#${Buffer.from(colour).toString('hex').toUpperCase()}`;
}
