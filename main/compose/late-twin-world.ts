// The twin, loaded and built when it is called for: its parts and its server's keys take longer than a first screen should wait.
import { sessionHttp } from '../adapters/http-session/session-http.ts';
import type { SignInSite } from '../shell/shell.ts';
import { publicCloudHosts } from '../shell/sign-in-site.ts';
import type { EntraWorld } from './entra-world.ts';
import type { TwinWorld, TwinWorldParts } from './twin-world.ts';

export interface LateTwinWorld extends EntraWorld {
  /** Builds the twin, once; the first request to it does the same. */
  open(): Promise<TwinWorld>;
}

export function lateTwinWorld(parts: TwinWorldParts): LateTwinWorld {
  let opening: Promise<TwinWorld> | null = null;
  const open = (): Promise<TwinWorld> => (opening ??= build(parts));
  return {
    open,
    http: sessionHttp(async (request) => (await open()).twin.handle(request)),
    proxyFor: async () => 'DIRECT',
    signIn: { hosts: publicCloudHosts, openSite: () => lateSite(open) },
  };
}

async function build(parts: TwinWorldParts): Promise<TwinWorld> {
  const { openTwinWorld } = await import('./twin-world.ts');
  return openTwinWorld(parts);
}

function lateSite(open: () => Promise<TwinWorld>): SignInSite {
  const site = open().then((world) => world.openSite());
  return {
    handle: async (request) => (await site).handle(request),
    forget: async () => (await site).forget(),
  };
}
