// What can be said of the operating system's part: each wall that is missing, what could not be seen, and what stands.
import type { Finding } from '../../contract/doctor.ts';
import { wallsInTheWay } from '../../contract/walls.ts';
import type { DeskEvidence } from './evidence.ts';
import { check } from './tenant-checks.ts';

export function wallChecks({ walls, settings }: Pick<DeskEvidence, 'walls' | 'settings'>): readonly Finding[] {
  if (walls === null) return [];
  const inTheWay = settings.requireLockedDown ? wallsInTheWay(walls.walls) : [];
  const missing = walls.walls.filter(({ standing }) => standing === 'missing');
  const unseen = walls.walls.filter(({ standing }) => standing === 'unseen');
  const standing = walls.walls.filter((each) => each.standing === 'stands');
  return [
    ...(inTheWay.length > 0 ? [check('wall.required', { names: inTheWay })] : []),
    ...missing.map(({ wall, shown }) => check(`wall.${wall}`, { names: shown })),
    ...(unseen.length > 0 ? [check('wall.unseen', { names: unseen.flatMap(({ wall, shown }) => [wall, ...shown]) })] : []),
    ...(walls.byDesk ? [] : [check('wall.otherAccount')]),
    ...(standing.length > 0 ? [check('wall.stands', { names: standing.map(({ wall }) => wall) })] : []),
  ];
}
