// `firstkey settings …` from its arguments to its exit code, the same under Node and in the package.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../adapters/clock-system/system-clock.ts';
import {
  publicText,
  settingsKeyOfPem,
  signingKeyOf,
  type SettingsKey,
} from '../../adapters/settings-file/signed/settings-key.ts';
import { lastGoodFile } from '../../compose/own-settings.ts';
import { dataFolderOf } from '../../shell/data-folder.ts';
import type { SettingsCommand } from '../settings-arguments.ts';
import { checkDocument, checkExitCode, checkText, settingsDocument, settingsExitCodes } from '../wording/settings-report.ts';
import { checkOwnSettings, checkSettingsFile } from './check-settings.ts';
import type { ProgramParts } from './program-parts.ts';
import { signSettingsFile, type SignCommand } from './sign-settings-file.ts';

interface SettingsRun {
  readonly command: SettingsCommand;
  readonly json: boolean;
}

/** Resolves with the exit code. Rejects on bugs. */
export function runSettingsProgram({ command, json }: SettingsRun, parts: Pick<ProgramParts, 'appData'>): number {
  const end: End = (exitCode, says, members = {}) => {
    if (json) print(settingsDocument(exitCode, { ...(says === '' ? {} : { says }), ...members }));
    else if (says !== '') process.stderr.write(`${says}\n`);
    return exitCode;
  };
  switch (command.command) {
    case 'check':
      return check(command, json, parts, end);
    case 'sign':
      return sign(command, json, end);
    case 'keygen':
      return keygen(command, json, end);
    default:
      return command satisfies never;
  }
}

/** Says how it ended: one line for people on standard error, or a document. */
type End = (exitCode: number, says: string, members?: object) => number;

const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

function check(
  { file, keys }: Extract<SettingsCommand, { command: 'check' }>,
  json: boolean,
  parts: Pick<ProgramParts, 'appData'>,
  end: End,
): number {
  const pinned: SettingsKey[] = [];
  for (const name of keys) {
    const pem = textOf(name);
    const key = pem === null ? null : settingsKeyOfPem(pem);
    if (key === null) return end(settingsExitCodes.usage, '--key takes a PEM file with a key of Ed25519 or P-256.');
    pinned.push(key);
  }
  if (file === null && pinned.length > 0) return end(settingsExitCodes.usage, '--key goes with a file.');
  const report =
    file === null
      ? checkOwnSettings(lastGoodFile(dataFolderOf(parts.appData())))
      : checkSettingsFile({ file, keys: pinned, nowMs: systemClock().wallMs() });
  print(json ? checkDocument(report) : checkText(report));
  return checkExitCode(report);
}

/** Whoever may read it can sign for every desk. Windows has no such bits. */
function isOpenToOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
}

function sign(command: SignCommand, json: boolean, end: End): number {
  const pem = textOf(command.key);
  if (pem === null) return end(settingsExitCodes.usage, 'The key can not be read.');
  if (isOpenToOthers(command.key)) return end(settingsExitCodes.refused, 'Others may read the key. Take that right away first.');
  const key = signingKeyOf(pem);
  if (key === null)
    return end(settingsExitCodes.refused, 'The key is no private key of Ed25519 or P-256 in PKCS #8 without a passphrase.');
  const signed = signSettingsFile(command, key, systemClock().wallMs());
  if (!signed.ok) return end(settingsExitCodes.refused, signed.problems.join('\n'), { problems: signed.problems });
  const { version, notAfter, graceDays, deskGroups } = signed.sealed;
  if (command.out === null) print(signed.text);
  else if (!written(command.out, signed.text)) return end(settingsExitCodes.notWritten, 'The signed file could not be written.');
  const members = { version, notAfter, graceDays, deskGroups, keyId: key.key.keyId, signatures: signed.signatures };
  // Standard output is the signed file's then.
  if (command.out === null && json) return settingsExitCodes.good;
  const groups = deskGroups.length === 0 ? 'every desk' : deskGroups.join(', ');
  const says = `Signed version ${version} for ${groups}, to be replaced before ${notAfter.slice(0, 10)}. Signatures: ${signed.signatures}.`;
  return end(settingsExitCodes.good, says, members);
}

function keygen({ out, algorithm }: Extract<SettingsCommand, { command: 'keygen' }>, json: boolean, end: End): number {
  const pair = algorithm === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const own = signingKeyOf(pem);
  if (own === null) throw new Error('a new key is no key for settings');
  try {
    // Never over another key.
    writeFileSync(out, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    return end(settingsExitCodes.notWritten, 'The key could not be written; a file that is there already is left alone.');
  }
  const publicKey = publicText(own.key.publicKey);
  if (json) return end(settingsExitCodes.good, '', { keyId: own.key.keyId, algorithm, publicKey });
  print(JSON.stringify({ settingsKeys: [publicKey] }));
  return end(settingsExitCodes.good, `Key ${own.key.keyId}. The line above goes into the managed policy of the desks.`);
}

/** Whole or not at all. */
function written(file: string, text: string): boolean {
  const beside = `${file}.new`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: 0o644 });
    renameSync(beside, file);
    return true;
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    rmSync(beside, { force: true });
    return false;
  }
}

/** More than this is no key. */
const mostKeyBytes = 16_384;

function textOf(file: string): string | null {
  try {
    return statSync(file).size > mostKeyBytes ? null : readFileSync(file, 'utf8');
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    return null;
  }
}

function isFromSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
