// The settings of this machine, as every process of the desk's reads them.
import path from 'node:path';
import { systemClock } from '../adapters/clock-system/system-clock.ts';
import { readSettings, type SettingsRefused, type SettingsVerdict } from '../adapters/settings-file/read-settings.ts';
import { defaultSettings } from '../adapters/settings-file/settings-schema.ts';
import { systemSources } from '../adapters/settings-file/system-sources.ts';
import type { Settings } from '../ports/settings.ts';

export interface OwnSettingsOptions {
  /** Where the desk of this account keeps what it used last; null: nobody falls back to that. */
  readonly lastGoodFile: string | null;
}

/** Synchronous: nothing may be awaited before a desk's start-up. */
export function ownSettings({ lastGoodFile: file }: OwnSettingsOptions): SettingsVerdict {
  return readSettings(systemSources({ lastGoodFile: file, nowMs: systemClock().wallMs() }));
}

/** Settings choose the world, so what is kept of them lies beside the worlds. */
export function lastGoodFile(dataFolder: string): string {
  return path.join(dataFolder, 'settings', 'last-good.json');
}

/** What a desk has to go by: a closed one needs only the name of whom to call. */
export function settingsOf(found: SettingsVerdict): Settings {
  if (found.taken) return found.settings;
  return found.contact === null || found.contact === '' ? defaultSettings : { ...defaultSettings, contact: found.contact };
}

/** For a terminal: `the settings are refused: desk.settingsUnsigned (keys are pinned)` */
export function refusalText({ reason }: SettingsRefused): string {
  const detail = reason.detail?.statusName === undefined ? '' : ` (${reason.detail.statusName})`;
  return `the settings are refused: ${reason.code}${detail}. See firstkey settings check.`;
}
