// The default routes of Windows, read from `route print -4 0.0.0.0` and `arp -a`. Their headings are translated, their rows are
// not: only rows are read. Source: Microsoft Learn, Windows commands: route, arp.
import { isIPv4 } from 'node:net';
import type { Route } from './network-path.ts';

/** Rows of five: destination, mask, gateway, interface, metric. */
export function windowsRoutes(routeText: string, arpText: string): readonly Route[] {
  const hardware = new Map(
    rowsOf(arpText).flatMap(([address, physical]) =>
      address !== undefined && physical !== undefined && isIPv4(address) && /^(?:[0-9a-f]{2}-){5}[0-9a-f]{2}$/i.test(physical)
        ? [[address, physical.toLowerCase().replaceAll('-', ':')] as const]
        : [],
    ),
  );
  return rowsOf(routeText).flatMap(([destination, mask, ...rest]) => {
    if (destination !== '0.0.0.0' || (mask !== '0.0.0.0' && mask !== '128.0.0.0')) return [];
    const gateway = rest[0] ?? '';
    const own = rest.findLast((word) => isIPv4(word)) ?? '';
    // A route without a gateway of its own ("On-link", in the language of the system) is a dialled or tunnelled one.
    const isTunnel = mask === '128.0.0.0' || !isIPv4(gateway);
    return [{ interface: own, isTunnel, hardware: hardware.get(gateway) ?? null }];
  });
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}
