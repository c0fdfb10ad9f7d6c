// Which key host a desk talks to: a process of its own, or the service of its machine.
import path from 'node:path';
import { connectKeyService } from '../adapters/key-host/connect-key-service.ts';
import type { HostProcess } from '../adapters/key-host/host-process.ts';
import type { DeskParts } from './desk-parts.ts';
import { startKeyHostProcess } from './key-host-process.ts';

/** Starts, or connects to, the key host of this desk. Training's virtual keys always live in a process of the desk. */
export function keyHostOf({
  world,
  settings,
  buildFolder,
}: Pick<DeskParts, 'world' | 'settings' | 'buildFolder'>): () => HostProcess {
  const { keyService } = settings;
  if (keyService === null || world === 'training') {
    return () => startKeyHostProcess(path.join(buildFolder, 'main', 'keyhost.js'));
  }
  return () => connectKeyService(keyService);
}
