import { problemLine } from '../../adapters/settings-file/settings-problem.ts';
import { lastGoodFile, ownSettings as findOwnSettings, refusalText } from '../../compose/own-settings.ts';
import { dataFolderOf } from '../../shell/data-folder.ts';
import type { SettingsTaken } from '../../adapters/settings-file/read-settings.ts';
import type { ProgramParts } from './program-parts.ts';

/** The desk's settings; or what is wrong with them, one line for each thing. */
export function ownSettings({ appData }: Pick<ProgramParts, 'appData'>): SettingsTaken | string {
  const found = findOwnSettings({ lastGoodFile: keptFile(appData) });
  return found.taken ? found : [refusalText(found), ...found.problems.map(problemLine)].join('\n');
}

/** Null for an account that this system does not list (a container's): it has no folder of its own, so nothing was kept there. */
function keptFile(appData: () => string): string | null {
  try {
    return lastGoodFile(dataFolderOf(appData()));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return null;
    throw error;
  }
}
