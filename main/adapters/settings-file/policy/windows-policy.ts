// Windows: HKLM\SOFTWARE\Policies\Firstkey, which only administrators and group policy can write. Read by the system's reg.exe, as an
// export: a file in UTF-16 whose form is the same in every language of Windows, which what reg.exe prints is not.
import { noPolicy, policyUnreadable, type PolicyReading, type RunProgram } from './policy-reading.ts';
import { asMembers } from './policy-values.ts';
import { readRegistryExport } from './registry-export.ts';
import { noPlace, type Layer } from '../settings-layer.ts';

export interface WindowsPolicyPlace {
  /** `C:\Windows\System32\reg.exe` */
  readonly reg: string;
  readonly run: RunProgram;
  /** Lets a program write one file and gives back what it wrote; null when it wrote none. */
  readonly written: (program: (file: string) => void) => Uint8Array | null;
}

const policies = String.raw`HKLM\SOFTWARE\Policies`;
const where = String.raw`${policies}\Firstkey`;
const wholeKey = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Firstkey`;

/** Whether there is one is asked of its parent, which always is: that reg.exe may not run can't pass for "there is none". */
export function readWindowsPolicy({ reg, run, written }: WindowsPolicyPlace): PolicyReading {
  const listed = run({ program: reg, words: ['query', policies, '/reg:64'] });
  if (listed === null || listed.exitCode !== 0) return policyUnreadable(policies, 'reg.exe could not list it.');
  const keys = Buffer.from(listed.output).toString('latin1').split(/\r?\n/);
  if (!keys.some((key) => key.trim().toLowerCase() === wholeKey.toLowerCase())) return noPolicy;
  const bytes = written((file) => void run({ program: reg, words: ['export', where, file, '/y', '/reg:64'] }));
  if (bytes === null) return policyUnreadable(where, 'reg.exe could not export it.');
  const read = readRegistryExport(bytes, wholeKey);
  if (!read.ok) return policyUnreadable(where, read.says);
  const layer: Layer = new Map([...read.values].map(([name, value]) => [name, { value, where, placeOf: noPlace }]));
  return asMembers(layer);
}
