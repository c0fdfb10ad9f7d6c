// Which key host a desk talks to: a process of its own, or the service of its machine.
import path from 'node:path';
import { connectKeyService } from '../adapters/key-host/connect-key-service.ts';
import type { HostProcess } from '../adapters/key-host/host-process.ts';
import type { DeskParts } from './desk-parts.ts';
import { startKeyHostProcess } from './key-host-process.ts';

/** Starts a key host of this window's own, from the same build. */
export function ownKeyHost({ buildFolder }: Pick<DeskParts, 'buildFolder'>): () => HostProcess {
  return () => startKeyHostProcess(path.join(buildFolder, 'main', 'keyhost.js'));
}

/** Starts, or connects to, the key host of this desk. Training's virtual keys always live in a process of the desk. */
export function keyHostOf(parts: Pick<DeskParts, 'world' | 'settings' | 'buildFolder'>): () => HostProcess {
  const { keyService } = parts.settings;
  return keyService === null || parts.world === 'training' ? ownKeyHost(parts) : () => connectKeyService(keyService);
}
