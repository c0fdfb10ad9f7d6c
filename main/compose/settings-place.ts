// Where an administrator puts the desk's settings: a place only administrators may write. Without the file there, the desk
// is a training desk.
import { existsSync } from 'node:fs';
import path from 'node:path';

const places: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: path.join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'Firstkey', 'settings.json'),
  darwin: '/Library/Application Support/Firstkey/settings.json',
  linux: '/etc/firstkey/settings.json',
};

/** The settings file of this machine; null when there is none. */
export function settingsPlace(): string | null {
  const place = places[process.platform];
  return place !== undefined && existsSync(place) ? place : null;
}
