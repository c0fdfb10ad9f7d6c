// Which of the three drawn formats a panel gets, and by how much its sizes grow or shrink.

export type Format = 'wide' | 'short' | 'portrait';

export interface Fitting {
  readonly format: Format;
  /** Factor on every size of the format's reference panel. */
  readonly scale: number;
}

const reference = {
  wide: { width: 1920, height: 1080 },
  short: { width: 1366, height: 768 },
  portrait: { width: 1080, height: 1920 },
} as const satisfies Record<Format, { width: number; height: number }>;

/** Below this factor the wide sizes would fall under the smallest readable capital height, and the short format reads better. */
const wideFrom = 0.9;
const smallest = 0.6;
const largest = 4;

/** Format and scale for a page of `width` × `height` CSS pixels. */
export function fitFormat(width: number, height: number): Fitting {
  const format = height > width ? 'portrait' : scaleTo('wide', width, height) >= wideFrom ? 'wide' : 'short';
  const scale = Math.min(largest, Math.max(smallest, scaleTo(format, width, height)));
  return { format, scale: Math.round(scale * 1000) / 1000 };
}

function scaleTo(format: Format, width: number, height: number): number {
  const panel = reference[format];
  return Math.min(width / panel.width, height / panel.height);
}
