// How this machine's traffic leaves it: its default routes, and whether the web goes by a proxy.
import { because } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { NetworkPath, NetworkPathPort } from '../../ports/network-path.ts';

/** A route that takes all traffic, or the half of it by which tunnels cover the other. */
export interface Route {
  readonly interface: string;
  readonly isTunnel: boolean;
  /** Of its gateway, lower-case hexadecimal with colons; null: it has none, or this machine has not spoken to it yet. */
  readonly hardware: string | null;
}

export interface NetworkPathOptions {
  readonly clock: ClockPort;
  readonly routes: (signal: AbortSignal) => Promise<readonly Route[]>;
  /** Chromium's answer for an address, such as `DIRECT` or `PROXY host:8080`; null: the web is not reached from here. */
  readonly proxyFor: ((url: string) => Promise<string>) | null;
  /** For which address the proxy is asked. */
  readonly url: string;
}

export function createNetworkPath({ clock, routes, proxyFor, url }: NetworkPathOptions): NetworkPathPort {
  return {
    async look({ signal, deadlineMs }) {
      signal.throwIfAborted();
      const late = new AbortController();
      const cancelDeadline = clock.after(deadlineMs, () => late.abort());
      try {
        const [found, proxy] = await Promise.all([routes(AbortSignal.any([signal, late.signal])), proxyFor?.(url) ?? 'DIRECT']);
        return { ok: true, value: { ...pathOf(found), proxied: !/^\s*DIRECT\b/i.test(proxy) } };
      } catch {
        // The tables or the tools of this system can't be read: the gate is told so, and stays shut.
        signal.throwIfAborted();
        return { ok: false, reason: because('desk.unknownGateway', { statusName: 'unreadable' }) };
      } finally {
        cancelDeadline();
      }
    },
  };
}

function pathOf(routes: readonly Route[]): Pick<NetworkPath, 'gateways' | 'tunnel'> {
  return {
    gateways: routes.flatMap(({ isTunnel, hardware }) => (isTunnel || hardware === null ? [] : [hardware])),
    tunnel: routes.find(({ isTunnel }) => isTunnel)?.interface ?? null,
  };
}
