// The walls around this process: which executable runs, and whether it is the packaged desk.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { because, type Reason } from '../../contract/reason.ts';
import type { World } from '../../contract/snapshot.ts';
import { wallsInTheWay } from '../../contract/walls.ts';
import { settingsPlace } from '../adapters/settings-file/system-sources.ts';
import { systemWalls } from '../adapters/walls-system/system-walls.ts';
import type { Settings } from '../ports/settings.ts';
import type { WallsPort } from '../ports/walls.ts';

/** Null in training: what is practised there needs no walls. */
export function stationWalls(world: World, { keyService }: Pick<Settings, 'keyService'>): WallsPort | null {
  if (world === 'training') return null;
  const program = process.execPath;
  const resources = path.join(path.dirname(program), process.platform === 'darwin' ? '../Resources' : 'resources');
  // Electron comes with an archive of its own, which packages don't have.
  const packaged = existsSync(path.join(resources, 'app.asar'));
  const place = settingsPlace();
  const settingsFile = place !== null && existsSync(place) ? place : null;
  return systemWalls({ program, resources, packaged, settingsFile, keyService });
}

/** Why the field has to stay closed on this machine; null when it may open. */
export async function notLockedDown(
  world: World,
  { requireLockedDown }: Pick<Settings, 'requireLockedDown'>,
  walls: WallsPort | null,
): Promise<Reason | null> {
  if (world !== 'field' || !requireLockedDown) return null;
  if (walls === null) return because('desk.notLockedDown');
  const seen = await walls.look();
  const missing = wallsInTheWay(seen.walls);
  // Another account than the station's may see every wall and still stand outside of them.
  if (missing.length === 0 && seen.byDesk) return null;
  return because('desk.notLockedDown', { statusName: [...(seen.byDesk ? [] : ['otherAccount']), ...missing].join(', ') });
}
