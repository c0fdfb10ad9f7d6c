// Where this system keeps what administrators decide: its managed policy, and the settings file in a place only they may write.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCarefully } from './document/careful-file.ts';
import { readLinuxPolicy } from './policy/linux-policy.ts';
import { readMacPolicy } from './policy/mac-policy.ts';
import { noPolicy, policyUnreadable, type PolicyReading, type RunProgram } from './policy/policy-reading.ts';
import { readWindowsPolicy } from './policy/windows-policy.ts';
import { mostSettingsBytes, type SettingsSurroundings } from './read-settings.ts';
import { readLastGood } from './signed/last-good.ts';

export interface SystemSourcesOptions {
  /** Where this desk keeps what it used last; null: nobody does. */
  readonly lastGoodFile: string | null;
  readonly nowMs: number;
}

const root = 0;
const policyFolder = '/etc/firstkey/policies/managed';
/** Of `appId` in electron-builder.yml. */
const managedPreferences = '/Library/Managed Preferences/firstkey.desk.plist';

/** Looks once, at everything, without waiting for anybody longer than a system program takes. */
export function systemSources({ lastGoodFile, nowMs }: SystemSourcesOptions): SettingsSurroundings {
  return {
    policy: systemPolicy(),
    file: settingsFile(settingsPlace()),
    lastGood: lastGoodFile === null ? null : readLastGood(lastGoodFile),
    nowMs,
  };
}

/** The settings file of this system; null where Firstkey knows none. */
export function settingsPlace(): string | null {
  switch (process.platform) {
    case 'win32':
      return path.join(programData(), 'Firstkey', 'settings.json');
    case 'darwin':
      return '/Library/Application Support/Firstkey/settings.json';
    case 'linux':
      return '/etc/firstkey/settings.json';
    default:
      return null;
  }
}

function settingsFile(place: string | null): SettingsSurroundings['file'] {
  if (place === null) return { name: '', reading: { ok: false, trouble: 'missing' } };
  const owners = [root, ...(process.getuid === undefined ? [] : [process.getuid()])];
  return { name: path.basename(place), reading: readCarefully(place, { mostBytes: mostSettingsBytes, owners }) };
}

export function systemPolicy(): PolicyReading {
  switch (process.platform) {
    case 'win32': {
      const reg = systemProgram('reg.exe');
      return reg === null
        ? policyUnreadable('SystemRoot', 'It names no folder of Windows.')
        : readWindowsPolicy({ reg, run: runProgram, written: writtenBy });
    }
    case 'darwin':
      return readMacPolicy({ file: managedPreferences, owners: [root], run: runProgram });
    case 'linux':
      return readLinuxPolicy({ folder: policyFolder, owners: [root] });
    default:
      return noPolicy;
  }
}

/** The environment may be anybody's: what it names must look like what Windows itself would name. */
const programData = (): string => folderNamed('ProgramData', /^[A-Z]:\\ProgramData$/i) ?? String.raw`C:\ProgramData`;

function systemProgram(name: string): string | null {
  const folder = folderNamed('SystemRoot', /^[A-Z]:\\(?:Windows|WINNT)$/i);
  return folder === null ? null : `${folder}\\System32\\${name}`;
}

function folderNamed(variable: string, form: RegExp): string | null {
  const given = process.env[variable];
  return given !== undefined && form.test(given) ? given : null;
}

const runProgram: RunProgram = ({ program, words, input }) => {
  const { status, stdout, error } = spawnSync(program, words, {
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    timeout: 10_000,
    maxBuffer: 4 * 1024 * 1024,
    windowsHide: true,
  });
  return error !== undefined || status === null ? null : { exitCode: status, output: new Uint8Array(stdout) };
};

/** In a folder of this account's own, gone afterwards. */
function writtenBy(program: (file: string) => void): Uint8Array | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'firstkey-policy-'));
  try {
    const file = path.join(folder, 'policy.reg');
    program(file);
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
