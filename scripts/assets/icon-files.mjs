// The mark in the files that the operating systems ask for.

import { PNG } from 'pngjs';
import { markAsPixels, markAsSvg } from './icon-mark.mjs';

const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's types for pictures in PNG form; the larger ones of a pair serve screens of double density. */
const appleTypes = [
  { type: 'icp4', pixels: 16 },
  { type: 'icp5', pixels: 32 },
  { type: 'ic07', pixels: 128 },
  { type: 'ic08', pixels: 256 },
  { type: 'ic09', pixels: 512 },
  { type: 'ic10', pixels: 1024 },
];
/** macOS draws icons inside their square: 824 of 1024 (Apple's icon grid). */
const appleMargin = 100 / 1024;

/** @returns {Record<string, Buffer>} every icon file by its place in `assets/` */
export function iconFiles() {
  return {
    'icon.svg': Buffer.from(markAsSvg()),
    'icon.ico': windowsIcon(windowsSizes.map((pixels) => ({ pixels, png: pngOf(pixels, 0) }))),
    'icon.icns': appleIcon(appleTypes.map(({ type, pixels }) => ({ type, png: pngOf(pixels, appleMargin) }))),
    ...Object.fromEntries(linuxSizes.map((pixels) => [`icons/${pixels}x${pixels}.png`, pngOf(pixels, 0)])),
  };
}

/** @param {number} pixels @param {number} margin @returns {Buffer} */
function pngOf(pixels, margin) {
  const png = new PNG({ width: pixels, height: pixels });
  png.data = markAsPixels(pixels, margin);
  return PNG.sync.write(png);
}

/** An ICO file: a directory of 16-byte entries, then the pictures. @param {{ pixels: number, png: Buffer }[]} pictures @returns {Buffer} */
function windowsIcon(pictures) {
  const header = Buffer.alloc(6 + pictures.length * 16);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { pixels, png }] of pictures.entries()) {
    const entry = 6 + index * 16;
    // 256 does not fit into a byte and is written as 0.
    header.writeUInt8(pixels % 256, entry);
    header.writeUInt8(pixels % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** An ICNS file: type and length before each picture, and before the whole. @param {{ type: string, png: Buffer }[]} pictures @returns {Buffer} */
function appleIcon(pictures) {
  const blocks = pictures.map(({ type, png }) => Buffer.concat([appleHeader(type, png.length), png]));
  return Buffer.concat([
    appleHeader(
      'icns',
      blocks.reduce((sum, block) => sum + block.length, 0),
    ),
    ...blocks,
  ]);
}

/** @param {string} type four letters @param {number} bytes of what follows @returns {Buffer} */
function appleHeader(type, bytes) {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(bytes + 8, 4);
  return header;
}
