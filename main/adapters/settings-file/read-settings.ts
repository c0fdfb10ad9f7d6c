// The desk's settings: one JSON document, read once at start. docs/settings.md describes every member.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { SettingsPort } from '../../ports/settings.ts';
import { settingsSchema } from './settings-schema.ts';

/** The desk must not start with settings it did not understand. `problems` are whole sentences for an administrator. */
export class SettingsUnreadable extends Error {
  override readonly name = 'SettingsUnreadable';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`The settings in ${file} can't be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** More than this is not a settings file. */
const MOST_BYTES = 65_536;

/**
 * `path: null` gives the defaults, which work in the training world.
 * @throws {SettingsUnreadable} naming the file and, for each problem, the path inside the document.
 */
export function readSettings(options: { readonly path: string | null }): SettingsPort {
  if (options.path === null) return { settings: settingsSchema.parse({}) };
  const file = path.basename(options.path);
  const parsed = settingsSchema.safeParse(readDocument(options.path, file));
  if (!parsed.success) throw new SettingsUnreadable(file, parsed.error.issues.flatMap(sentences));
  return { settings: parsed.data };
}

function readDocument(fullPath: string, file: string): unknown {
  const text = readText(fullPath, file);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')); // Windows editors like to begin with a mark
  } catch (error) {
    throw new SettingsUnreadable(file, [`It is not JSON: ${error instanceof Error ? error.message : 'unreadable'}.`]);
  }
}

function readText(fullPath: string, file: string): string {
  try {
    const bytes = readFileSync(fullPath);
    if (bytes.length > MOST_BYTES) throw new SettingsUnreadable(file, [`It is larger than ${MOST_BYTES} bytes.`]);
    return bytes.toString('utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    throw new SettingsUnreadable(file, [
      error.code === 'ENOENT' ? 'The file is not there.' : `The file can't be read (${error.code}).`,
    ]);
  }
}

/** One sentence for each thing wrong, beginning with its path in the document. Values are left out. */
function sentences(issue: z.core.$ZodIssue): readonly string[] {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${place === '' ? key : `${place}.${key}`}: there is no such setting.`);
  }
  return [`${place === '' ? 'The document' : `${place}:`} ${issue.message}`];
}
