// Care of keys for one command: a key host, the port to it, and in training the hand that its keys need.
import { createHash } from 'node:crypto';
import { because, type Reason } from '../../../contract/reason.ts';
import type { World } from '../../../contract/snapshot.ts';
import { connectKeyService } from '../../adapters/key-host/connect-key-service.ts';
import type { HostProcess } from '../../adapters/key-host/host-process.ts';
import { createKeyHostCarePort } from '../../adapters/key-host/key-host-care-port.ts';
import { superviseKeyHost, type KeyHostTrouble } from '../../adapters/key-host/key-host-supervisor.ts';
import { createTrayClient } from '../../adapters/key-host/tray-client.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { KeyCarePort } from '../../ports/key-care.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Settings } from '../../ports/settings.ts';
import { toldInTime } from '../told-in-time.ts';
import { trainingHand, type TrainingHand } from './training-hand.ts';

export interface OpenKeyCare {
  readonly port: KeyCarePort;
  /** Null outside training. */
  readonly hand: TrainingHand | null;
  /** Null when the host is up; otherwise why it is not. */
  ready(signal: AbortSignal): Promise<Reason | null>;
  /** Makes keys let go, then ends the process. */
  close(): Promise<void>;
}

export interface KeyCareParts {
  readonly world: World;
  readonly settings: Settings;
  readonly trainingKeys: readonly string[];
  /** What gives the right to take care of keys: this command's own invention, or the service's. Stays the caller's to wipe. */
  readonly token: Secret;
  readonly clock: ClockPort;
  /** Starts a key host of this command's own. */
  readonly startHost: () => HostProcess;
}

const upWithinMs = 10_000;

/** Whether keys are held by the service of this machine. Virtual ones always live in a process of the command's own. */
export function serviceOf({ world, settings }: Pick<KeyCareParts, 'world' | 'settings'>): string | null {
  return world === 'training' ? null : settings.keyService;
}

export function openKeyCare(parts: KeyCareParts): OpenKeyCare {
  const { world, settings, trainingKeys, token, clock, startHost } = parts;
  const service = serviceOf(parts);
  const links = world === 'training' ? 'virtual' : 'hid';
  const start = { links, rpId: settings.registrationRpId } as const;
  let refused: KeyHostTrouble | null = null;
  const host = superviseKeyHost({
    spawn: service === null ? startHost : () => connectKeyService(service),
    // A service was told at its own start who may take care of keys.
    start: service === null ? { ...start, careTokenSha256B64u: sha256B64u(token) } : start,
    clock,
    onTrouble: (trouble) => {
      if (trouble.trouble === 'refused') refused = trouble;
    },
  });
  const port = createKeyHostCarePort({ host, clock, token });
  const tray = world === 'training' ? createTrayClient({ host, clock }) : null;
  const hand = tray === null ? null : trainingHand({ tray, keys: trainingKeys, clock });
  return {
    port,
    hand,
    async ready(signal) {
      const up = await toldInTime<true>({ clock, signal, withinMs: upWithinMs, listen: (tell) => host.onUp(() => tell(true)) });
      if (up) return null;
      return because('key.hostDown', refused === null ? {} : { statusName: refusalName(refused) });
    },
    async close() {
      hand?.close();
      tray?.close();
      await port.close();
      await host.close();
    },
  };
}

function sha256B64u(secret: Secret): string {
  return secret.lend((bytes) => createHash('sha256').update(bytes).digest('base64url'));
}

function refusalName(trouble: KeyHostTrouble): string {
  return trouble.trouble === 'refused' ? trouble.because : trouble.trouble;
}
