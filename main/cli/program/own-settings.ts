import { readSettings } from '../../adapters/settings-file/read-settings.ts';
import { settingsPlace } from '../../compose/settings-place.ts';
import type { Settings } from '../../ports/settings.ts';

/** The desk's settings; or what is wrong with them, in the words of their reader. */
export function ownSettings(): Settings | string {
  try {
    return readSettings({ path: settingsPlace() }).settings;
  } catch (problem) {
    return problem instanceof Error ? problem.message : 'the settings are unreadable';
  }
}
