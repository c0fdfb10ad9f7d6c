// Where a request comes from, and whether an address lies in a range (RFC 4632, RFC 4291, RFC 5952 in its lenient reading).

/** What the identity platform sees of a caller. */
export interface Place {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** ISO 3166-1 alpha-2, upper case; null: the address says nothing. */
  readonly country: string | null;
  /** What device-based grants ask for; a kiosk's view can prove none of it. */
  readonly compliantDevice?: boolean;
  readonly domainJoinedDevice?: boolean;
}

interface ParsedAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Null for text that is no address. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
export function parseAddress(text: string): ParsedAddress | null {
  const v4 = parseV4(text);
  if (v4 !== null) return { bits: 32, value: v4 };
  const v6 = parseV6(text);
  if (v6 === null) return null;
  return v6 >> 32n === 0xffffn ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 };
}

/** Whether `address` is in `cidr`; false for anything that is not written as the two should be. */
export function addressInRange(address: string, cidr: string): boolean {
  const wanted = parseAddress(address);
  const range = parseRange(cidr);
  if (!wanted || range?.base.bits !== wanted.bits) return false;
  const shift = BigInt(wanted.bits - range.prefix);
  return wanted.value >> shift === range.base.value >> shift;
}

/** Null for text that is no range. */
export function parseRange(cidr: string): { readonly base: ParsedAddress; readonly prefix: number } | null {
  const [address = '', length = '', ...more] = cidr.split('/');
  const base = parseAddress(address);
  if (!base || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > base.bits) return null;
  return { base, prefix: Number(length) };
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
  const lastColon = text.lastIndexOf(':');
  if (lastColon < 0) return null;
  const tail = text.slice(lastColon + 1);
  const v4 = tail.includes('.') ? parseV4(tail) : null;
  if (tail.includes('.') && v4 === null) return null;
  const whole = v4 === null ? text : `${text.slice(0, lastColon + 1)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const halves = whole.split('::');
  if (halves.length > 2) return null;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
