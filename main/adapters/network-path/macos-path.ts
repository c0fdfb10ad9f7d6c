// The default routes of macOS, read from `netstat -rn -f inet` and `arp -an`. Source: macOS manual pages netstat(1), arp(8).
import type { Route } from './network-path.ts';

const tunnels = /^(?:utun|ipsec|ppp|gif|stf|tun|tap)\d+$/;
const everywhere: ReadonlySet<string> = new Set(['default', '0/1', '0.0.0.0/1', '0.0.0.0/0']);

export function macosRoutes(netstatText: string, arpText: string): readonly Route[] {
  const hardware = new Map(
    [...arpText.matchAll(/\(([0-9.]+)\) at ([0-9a-f:]+) on (\w+)/gi)].map(
      ([, address = '', physical = '', name = '']) => [`${address} ${name}`, padded(physical)] as const,
    ),
  );
  return netstatText
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([destination, gateway, flags, name]) => {
      if (destination === undefined || gateway === undefined || flags === undefined || name === undefined) return [];
      // `I`: bound to one interface, so it takes nothing from the others.
      if (!everywhere.has(destination) || flags.includes('I')) return [];
      return [{ interface: name, isTunnel: tunnels.test(name), hardware: hardware.get(`${gateway} ${name}`) ?? null }];
    });
}

/** arp(8) leaves leading zeros out: `a:1b:2:3c:4d:5e`. */
function padded(physical: string): string {
  return physical
    .toLowerCase()
    .split(':')
    .map((part) => part.padStart(2, '0'))
    .join(':');
}
