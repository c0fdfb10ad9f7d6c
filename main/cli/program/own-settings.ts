import { problemLine } from '../../adapters/settings-file/settings-problem.ts';
import { lastGoodFile, ownSettings as findOwnSettings, refusalText } from '../../compose/own-settings.ts';
import { dataFolderOf } from '../../shell/data-folder.ts';
import type { SettingsTaken } from '../../adapters/settings-file/read-settings.ts';
import type { ProgramParts } from './program-parts.ts';

/** The desk's settings; or what is wrong with them, one line for each thing. */
export function ownSettings({ appData }: Pick<ProgramParts, 'appData'>): SettingsTaken | string {
  const found = findOwnSettings({ lastGoodFile: lastGoodFile(dataFolderOf(appData())) });
  return found.taken ? found : [refusalText(found), ...found.problems.map(problemLine)].join('\n');
}
