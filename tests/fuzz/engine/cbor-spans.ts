// Where the items of some bytes lie if they are read as CBOR, as far as that goes. For mutations that keep a message in
// shape; it shares nothing with the reader that is being tested.

export interface Span {
  readonly start: number;
  readonly end: number;
  /** 0 to 7. */
  readonly major: number;
  /** Where the content begins, behind the head. */
  readonly content: number;
}

const MOST_SPANS = 256;
const MOST_DEPTH = 12;

/** The items found from `start` on, outer ones before inner ones. */
export function cborSpans(bytes: Uint8Array, start: number): Span[] {
  const spans: Span[] = [];
  let offset = start;
  while (offset < bytes.length && spans.length < MOST_SPANS) {
    const end = scan(bytes, offset, 0, spans);
    if (end === undefined) break;
    offset = end;
  }
  return spans;
}

/** The end of the item at `start`, or undefined when there is none. */
function scan(bytes: Uint8Array, start: number, depth: number, spans: Span[]): number | undefined {
  const initial = bytes[start];
  if (initial === undefined || depth > MOST_DEPTH || spans.length >= MOST_SPANS) return undefined;
  const major = initial >> 5;
  const info = initial & 0x1f;
  if (info > 27) return undefined;
  const headBytes = info < 24 ? 1 : 1 + (1 << (info - 24));
  if (start + headBytes > bytes.length) return undefined;
  let argument = info;
  if (info >= 24) argument = bytes.subarray(start + 1, start + headBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  const content = start + headBytes;
  const place = spans.length;
  spans.push({ start, end: content, major, content });
  let end: number | undefined = content;
  if (major === 2 || major === 3) end = content + argument <= bytes.length ? content + argument : undefined;
  const inner = major === 4 ? argument : major === 5 ? argument * 2 : major === 6 ? 1 : 0;
  for (let index = 0; index < inner && end !== undefined; index += 1) end = scan(bytes, end, depth + 1, spans);
  if (end === undefined) {
    spans.length = place;
    return undefined;
  }
  spans[place] = { start, end, major, content };
  return end;
}

/** The shortest head of this major type. */
export function cborHead(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument <= 0xff) return Uint8Array.of(type | 24, argument);
  if (argument <= 0xffff) return Uint8Array.of(type | 25, argument >> 8, argument & 0xff);
  return Uint8Array.of(type | 26, argument >>> 24, (argument >> 16) & 0xff, (argument >> 8) & 0xff, argument & 0xff);
}
