// What is wrong with what a desk was told, and where it stands: for an administrator's eyes, so names of settings are in it and
// values are not.
import type { FileTrouble } from './document/careful-file.ts';
import type { DocumentTrouble, TextPlace } from './document/json-document.ts';

export type ProblemCode =
  | FileTrouble
  | DocumentTrouble
  | 'unknownSetting'
  | 'wrongValue'
  /** Two policy files say the same setting. */
  | 'givenTwice'
  | 'tooMany'
  /** The system's policy could not be asked for, or its answer is not in its own form. */
  | 'policyUnreadable';

export interface SettingsProblem {
  readonly code: ProblemCode;
  /** The file's name, or the registry's key; empty where it is about what all sources say together. */
  readonly where: string;
  readonly place: TextPlace | null;
  /** The path in the document; empty where it is the document. Names in it are as they were given. */
  readonly path: string;
  /** The end of a sentence when there is a path, else a whole one. */
  readonly says: string;
}

/** One line: `settings.json:3:5: minPinLenght: there is no such setting.` Nothing in it moves a terminal. */
export function problemLine({ where, place, path, says }: SettingsProblem): string {
  const from = place === null ? where : `${where}:${place.line}:${place.column}`;
  return [from, shownName(path), says].filter((part) => part !== '').join(': ');
}

/** For a screen: what kind, and where. `wrongValue minPinLength 3:5` */
export function problemCode({ code, place, path }: SettingsProblem): string {
  const named = /^[\w.]{1,40}$/.test(path) ? path : '';
  const at = place === null ? '' : `${place.line}:${place.column}`;
  return [code, named, at].filter((part) => part !== '').join(' ');
}

/** A name that somebody else chose. */
function shownName(name: string): string {
  const short = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  return short.replaceAll(/[^\u0020-\u007E…]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
