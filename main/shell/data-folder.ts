// Where this system keeps applications' data, without asking the environment where that can be helped.
import { userInfo } from 'node:os';
import path from 'node:path';

/** @param appData where applications keep what is theirs, as Electron names it; not looked at on Linux */
export function dataFolderOf(appData: string): string {
  return process.platform === 'linux'
    ? path.join(userInfo().homedir, '.local', 'share', 'firstkey')
    : path.join(appData, 'Firstkey');
}
