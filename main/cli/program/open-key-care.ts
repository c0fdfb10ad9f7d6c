// Care of keys, for one command or for the care page: a key host that grants it, the port to it, and in training the tray.
import { createHash } from 'node:crypto';
import type { Reason } from '../../../contract/reason.ts';
import type { World } from '../../../contract/snapshot.ts';
import { connectKeyService } from '../../adapters/key-host/connect-key-service.ts';
import type { HostProcess } from '../../adapters/key-host/host-process.ts';
import { createKeyHostCarePort } from '../../adapters/key-host/key-host-care-port.ts';
import { superviseKeyHost, type KeyHostTrouble } from '../../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient, type TrayClient } from '../../adapters/key-host/tray-client.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { KeyCarePort } from '../../ports/key-care.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Settings } from '../../ports/settings.ts';
import { hostReady } from './host-ready.ts';

export interface OpenKeyCare {
  readonly port: KeyCarePort;
  /** Null outside training. */
  readonly tray: TrayClient | null;
  /** Null when the host is up; otherwise why it is not. A service that refuses is not waited for. */
  ready(signal: AbortSignal): Promise<Reason | null>;
  /** Makes keys let go, then ends the process. */
  close(): Promise<void>;
}

export interface KeyCareParts {
  readonly world: World;
  readonly settings: Pick<Settings, 'keyService' | 'registrationRpId'>;
  /** What gives the right to take care of keys: the caller's own invention, or the service's. Stays the caller's to wipe. */
  readonly token: Secret;
  readonly clock: ClockPort;
  /** Starts a key host of the caller's own. */
  readonly startHost: () => HostProcess;
  /** The host waits for this. */
  readonly startAfter?: Promise<void>;
  readonly onTrouble?: (trouble: KeyHostTrouble) => void;
}

/** Whether keys are held by the service of this machine. Virtual ones always live in a process of the caller's own. */
export function serviceOf({ world, settings }: Pick<KeyCareParts, 'world' | 'settings'>): string | null {
  return world === 'training' ? null : settings.keyService;
}

export function openKeyCare(parts: KeyCareParts): OpenKeyCare {
  const { world, settings, token, clock, startHost, startAfter, onTrouble } = parts;
  const service = serviceOf(parts);
  const links = world === 'training' ? 'virtual' : 'hid';
  const start = { links, rpId: settings.registrationRpId } as const;
  const host = superviseKeyHost({
    spawn: service === null ? startHost : () => connectKeyService(service),
    // A service was told at its own start who may take care of keys. A host of our own learns it before anything can ask it.
    start: service === null ? { ...start, careTokenSha256B64u: sha256B64u(token) } : start,
    clock,
    ...(startAfter === undefined ? {} : { startAfter }),
    ...(onTrouble === undefined ? {} : { onTrouble }),
  });
  const port = createKeyHostCarePort({ host, clock, token });
  const tray = world === 'training' ? createTrayClient({ host, clock }) : null;
  return {
    port,
    tray,
    ready: (signal) => hostReady(host, clock, signal),
    async close() {
      tray?.close();
      await port.close();
      await host.close();
    },
  };
}

function sha256B64u(secret: Secret): string {
  return secret.lend((bytes) => createHash('sha256').update(bytes).digest('base64url'));
}
