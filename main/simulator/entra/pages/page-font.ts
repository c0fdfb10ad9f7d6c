/** A font the pages may use, served from the twin's own content host; without any they use the system's. */
export interface PageFont {
  readonly family: string;
  /** WOFF2. */
  readonly bytes: Uint8Array;
  /** CSS unicode-range. */
  readonly unicodeRange?: string;
  /** CSS font-weight of the file: `400`, or `200 800` for a variable one. */
  readonly weight?: string;
}
