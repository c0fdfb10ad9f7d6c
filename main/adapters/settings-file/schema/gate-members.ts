// Where the desk may stand.
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { httpsAddress } from './schema-parts.ts';

const listOf = <Item extends z.ZodType>(item: Item, what: string, most: number) =>
  z.array(item, `must be a list of ${what}.`).max(most, `must be at most ${most} ${what}.`);

const key = z
  .string('must be a key.')
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the x of an Ed25519 key: 43 characters of base64url.');
const range = z
  .string('must be a range.')
  .refine((text) => ipaddr.isValidCIDR(text), 'must be a range like 203.0.113.0/24 or 2001:db8::/32.');
/** Systems write them in either case, with colons or hyphens. */
const hardware = z
  .string('must be a hardware address.')
  .regex(/^(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/, 'must be a hardware address like 0a:1b:2c:3d:4e:5f.')
  .overwrite((text) => text.toLowerCase().replaceAll('-', ':'));

export const gateMembers = {
  beaconUrl: httpsAddress('must be null or an address.').nullable().default(null),
  beaconKeys: listOf(key, 'keys', 10).default([]),
  networkRanges: listOf(range, 'ranges', 500).default([]),
  gateways: listOf(hardware, 'hardware addresses', 50).default([]),
};

interface Given {
  readonly beaconUrl: string | null;
  readonly beaconKeys: readonly string[];
}

/** A beacon that anybody could imitate proves nothing. */
export function gateMistakes({ beaconUrl, beaconKeys }: Given): readonly (readonly ['beaconUrl' | 'beaconKeys', string])[] {
  if (beaconUrl !== null && beaconKeys.length === 0) return [['beaconKeys', 'must be given with beaconUrl.']];
  return beaconUrl === null && beaconKeys.length > 0 ? [['beaconUrl', 'must be given with beaconKeys.']] : [];
}
