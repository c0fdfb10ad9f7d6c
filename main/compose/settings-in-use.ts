// The settings while a desk runs: they may run out, and what was good is remembered for a day when something worse lies there.
import type { Reason } from '../../contract/reason.ts';
import { timeRefusal } from '../adapters/settings-file/judge-signed.ts';
import type { SettingsVerdict } from '../adapters/settings-file/read-settings.ts';
import { keepLastGood } from '../adapters/settings-file/signed/last-good.ts';
import type { DeskParts } from './desk-parts.ts';
import { lastGoodFile } from './own-settings.ts';

/** Null while the settings last. */
export function mayServe(found: SettingsVerdict, nowMs: number): Reason | null {
  if (!found.taken) return found.reason;
  const { seal } = found.standing;
  return seal === null ? null : timeRefusal(seal, nowMs);
}

/** Never rejects: a desk that can't write this can still serve, and says so. */
export async function rememberSettings({ found, dataFolder, onTrouble }: DeskParts): Promise<void> {
  if (!found.taken || found.keep === null) return;
  try {
    await keepLastGood(lastGoodFile(dataFolder), found.keep);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    onTrouble(`the settings in use could not be remembered (${why})`);
  }
}
