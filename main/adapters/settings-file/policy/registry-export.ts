// The file that `reg export` writes ("Windows Registry Editor Version 5.00"): UTF-16 with its mark, one section for a key, one line
// for a value, long ones going on after a backslash. Only what a policy is made of is understood.

export type RegistryReading =
  | { readonly ok: true; readonly values: ReadonlyMap<string, unknown> }
  | { readonly ok: false; readonly says: string };

const firstLine = 'Windows Registry Editor Version 5.00';
const mostBytes = 524_288;

/** Names and values of the key; a key below it is an object under its name. */
export function readRegistryExport(bytes: Uint8Array, wholeKey: string): RegistryReading {
  const no = (says: string): RegistryReading => ({ ok: false, says });
  if (bytes.length > mostBytes) return no('It is too large.');
  const text = textOf(bytes);
  if (text === null) return no('Its export is not UTF-16 text.');
  const [first, ...lines] = text.replaceAll(/\\\r?\n[ \t]*/g, '').split(/\r?\n/);
  if (first !== firstLine) return no('Its export is not in a known form.');
  const root = new Map<string, unknown>();
  let section: Map<string, unknown> | null = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const [, key] = /^\[(.+)\]$/.exec(line) ?? [];
    if (key !== undefined) {
      section = sectionOf(root, key, wholeKey);
      if (section === null) return no('It holds a key that is not its own.');
      continue;
    }
    const [, name, given] = /^"((?:[^"\\]|\\.)*)"=(.*)$/.exec(line) ?? [];
    if (section === null || name === undefined || given === undefined) return no('It holds a value without a name.');
    const value = valueOf(given);
    if (value === null) return no('It holds a value of another type than text, number or list of texts.');
    if (section.has(unescaped(name))) return no('It says something twice.');
    section.set(unescaped(name), value);
  }
  return { ok: true, values: new Map([...root].map(([name, value]) => [name, plain(value)])) };
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) return null;
  try {
    return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The key itself, or a key below it. Null for any other. */
function sectionOf(root: Map<string, unknown>, key: string, wholeKey: string): Map<string, unknown> | null {
  if (key.toLowerCase() === wholeKey.toLowerCase()) return root;
  if (!key.toLowerCase().startsWith(`${wholeKey.toLowerCase()}\\`)) return null;
  let at = root;
  for (const name of key.slice(wholeKey.length + 1).split('\\')) {
    const below = at.get(name) ?? new Map<string, unknown>();
    if (!(below instanceof Map)) return null;
    at.set(name, below);
    at = below;
  }
  return at;
}

/** REG_SZ, REG_DWORD, REG_QWORD `hex(b)`, REG_EXPAND_SZ `hex(2)` without anything to expand, REG_MULTI_SZ `hex(7)`. */
function valueOf(given: string): string | number | readonly string[] | null {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(given) ?? [];
  if (quoted !== undefined) return unescaped(quoted);
  const [, dword] = /^dword:([0-9a-f]{8})$/i.exec(given) ?? [];
  if (dword !== undefined) return Number.parseInt(dword, 16);
  const [, type, hex] = /^hex\((2|7|b)\):((?:[0-9a-f]{2}(?:,[0-9a-f]{2})*)?)$/i.exec(given) ?? [];
  if (type === undefined || hex === undefined) return null;
  const bytes = Uint8Array.from(hex === '' ? [] : hex.split(',').map((pair) => Number.parseInt(pair, 16)));
  if (type.toLowerCase() === 'b') return numberOf(bytes);
  const text = utf16(bytes);
  if (text === null) return null;
  if (type === '7') return text.split('\0').filter((part) => part !== '');
  const [whole = ''] = text.split('\0');
  return whole.includes('%') ? null : whole;
}

function numberOf(bytes: Uint8Array): number | null {
  if (bytes.length !== 8) return null;
  const value = new DataView(bytes.buffer).getBigUint64(0, true);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

function utf16(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries([...value].map(([name, below]) => [String(name), plain(below)])) : value;
}
