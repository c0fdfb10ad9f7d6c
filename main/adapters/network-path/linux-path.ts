// The default routes of Linux, read from the kernel's own tables. Source: Linux kernel, Documentation/filesystems/proc.rst
// (net/route, net/arp), include/uapi/linux/if_arp.h (interface types), Documentation/ABI/testing/sysfs-class-net.
import type { Route } from './network-path.ts';

export interface LinuxTables {
  /** Text of /proc/net/route. */
  readonly route: string;
  /** Text of /proc/net/arp. */
  readonly arp: string;
  /** Of an interface: its ARP hardware type, and whether it is made by the tun driver; null when it is gone meanwhile. */
  readonly interfaceOf: (name: string) => { readonly type: number; readonly isTun: boolean } | null;
}

/** ARPHRD_ETHER and ARPHRD_IEEE80211…: what has hardware. ARPHRD_NONE (tun, WireGuard), PPP, TUNNEL, SIT, GRE have none. */
const ETHERNET = 1;
const FLAG_UP = 0x1;

/** The routes that take all traffic: the default one, and the two halves by which tunnels cover it. */
export function linuxRoutes({ route, arp, interfaceOf }: LinuxTables): readonly Route[] {
  const hardware = hardwareIn(arp);
  return route
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([name, destination, gateway, flags, , , , mask]) => {
      if (name === undefined || gateway === undefined || flags === undefined || mask === undefined) return [];
      if ((Number.parseInt(flags, 16) & FLAG_UP) === 0) return [];
      const isWhole = mask === '00000000' && destination === '00000000';
      // 128.0.0.0 in the kernel's byte order.
      if (!isWhole && mask !== '00000080') return [];
      const kind = interfaceOf(name);
      const isTunnel = kind === null || kind.type !== ETHERNET || kind.isTun;
      return [{ interface: name, isTunnel, hardware: hardware.get(`${addressOf(gateway)} ${name}`) ?? null }];
    });
}

/** By address and interface. */
function hardwareIn(arp: string): ReadonlyMap<string, string> {
  const rows = arp
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([address, , , hardware, , name]) =>
      address === undefined || hardware === undefined || name === undefined || hardware === '00:00:00:00:00:00'
        ? []
        : [[`${address} ${name}`, hardware.toLowerCase()] as const],
    ),
  );
}

/** `0102A8C0` is 192.168.2.1: the bytes stand in the order of the machine, which is little-endian wherever Electron runs. */
function addressOf(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}
