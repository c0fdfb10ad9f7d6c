// What stands for Microsoft in a world: the real service through the network, or the twin inside this process.
import type { HttpPort } from '../ports/http.ts';
import type { SignInOptions } from '../shell/shell.ts';

export interface EntraWorld {
  readonly http: HttpPort;
  /** By which proxy an address is reached, as Chromium says it (`DIRECT`, `PROXY host:port`). */
  readonly proxyFor: (url: string) => Promise<string>;
  readonly signIn: SignInOptions;
}
