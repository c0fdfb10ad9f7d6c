// What a page may send at all, before any schema looks at it: small, shallow, plain data. A schema would refuse the rest too,
// but only after walking through it; this walk stops at the first thing that is too much.

export type MessageFault = 'tooLarge' | 'notPlain';

const limits = { units: 4096, depth: 6, members: 64 } as const;

// Names that mean something to JavaScript itself. No intent uses them; a message that does is an attack or a fault.
const reservedNames = new Set(['__proto__', 'prototype', 'constructor']);

/** What is wrong with `message`, or null. Size is counted in UTF-16 units of text and one per value. */
export function messageFault(message: unknown): MessageFault | null {
  let unitsLeft: number = limits.units;
  const faultOf = (value: unknown, depth: number): MessageFault | null => {
    unitsLeft -= typeof value === 'string' ? value.length + 1 : 1;
    if (unitsLeft < 0 || depth > limits.depth) return 'tooLarge';
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return null;
    if (typeof value !== 'object') return value === undefined ? null : 'notPlain';
    const isList = Array.isArray(value);
    if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return 'notPlain';
    if (isList && value.length > limits.members) return 'tooLarge';
    const members = Object.entries(value);
    if (members.length > limits.members) return 'tooLarge';
    for (const [name, member] of members) {
      unitsLeft -= name.length;
      if (reservedNames.has(name)) return 'notPlain';
      const fault = faultOf(member, depth + 1);
      if (fault) return fault;
    }
    return null;
  };
  return faultOf(message, 0);
}
