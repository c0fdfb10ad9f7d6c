import path from 'node:path';
import type { World } from '../../contract/snapshot.ts';
import type { JournalSettings } from '../ports/settings.ts';

/** Where the journal of one world lies, and its head. */
export function journalPlaces(
  dataFolder: string,
  world: World,
  { journalHeadFile }: Pick<JournalSettings, 'journalHeadFile'>,
): { readonly directory: string; readonly headFile: string } {
  return {
    directory: path.join(dataFolder, world, 'journal'),
    headFile: journalHeadFile ?? path.join(dataFolder, 'heads', `${world}.json`),
  };
}
