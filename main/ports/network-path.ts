// How this machine's traffic leaves it, as the machine itself sees it.
import type { Call } from './directory.ts';
import type { Outcome } from './outcome.ts';

export interface NetworkPath {
  /** Hardware addresses of the default gateways, lower-case hexadecimal with colons: `0a:1b:2c:3d:4e:5f`. */
  readonly gateways: readonly string[];
  /** The interface of a tunnel that takes the traffic; null: none does. */
  readonly tunnel: string | null;
  /** Whether web traffic goes by a proxy. */
  readonly proxied: boolean;
}

export interface NetworkPathPort {
  /** Rejects with the call's reason when it is given up. */
  look(call: Call): Promise<Outcome<NetworkPath>>;
}
