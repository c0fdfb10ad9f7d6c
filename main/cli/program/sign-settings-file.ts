// `firstkey settings sign`: a plain file gets what is said about it and a signature; a signed one gets one more signature.
import path from 'node:path';
import { fileTroubleWords, readCarefully } from '../../adapters/settings-file/document/careful-file.ts';
import { parseDocument } from '../../adapters/settings-file/document/json-document.ts';
import { noPolicy } from '../../adapters/settings-file/policy/policy-reading.ts';
import { mostSettingsBytes, readSettings } from '../../adapters/settings-file/read-settings.ts';
import { isObject } from '../../adapters/settings-file/settings-layer.ts';
import { problemLine } from '../../adapters/settings-file/settings-problem.ts';
import type { signingKeyOf } from '../../adapters/settings-file/signed/settings-key.ts';
import { payloadOf, withSignature } from '../../adapters/settings-file/signed/sign-settings.ts';
import {
  sealedSettingsSchema,
  signedFormSchema,
  type SealedSettings,
  type SignedForm,
} from '../../adapters/settings-file/signed/signed-form.ts';
import type { SettingsCommand } from '../settings-arguments.ts';

export type SignCommand = Extract<SettingsCommand, { command: 'sign' }>;
export type SigningKey = NonNullable<ReturnType<typeof signingKeyOf>>;

export type Signed =
  | { readonly ok: true; readonly text: string; readonly sealed: SealedSettings; readonly signatures: number }
  | { readonly ok: false; readonly problems: readonly string[] };

const yearMs = 365 * 86_400_000;

export function signSettingsFile(command: SignCommand, key: SigningKey, nowMs: number): Signed {
  const name = path.basename(command.file);
  const no = (...problems: readonly string[]): Signed => ({ ok: false, problems });
  const reading = readCarefully(command.file, { mostBytes: mostSettingsBytes, owners: null });
  if (!reading.ok) return no(`${name}: ${fileTroubleWords[reading.trouble]}`);
  const parsed = parseDocument(reading.bytes);
  if (!parsed.ok) return no(...parsed.problems.map(({ trouble, ...one }) => problemLine({ ...one, code: trouble, where: name })));
  const { value } = parsed.document;
  if (isObject(value) && 'payload' in value) return signAgain(value, command, key);
  const wrong = problemsOf(name, reading.bytes, nowMs);
  if (wrong.length > 0 || !isObject(value)) return no(...wrong);
  const { $schema: _ofEditors, ...settings } = value;
  const sealed = sealedSettingsSchema.safeParse({
    version: command.version ?? versionAt(nowMs),
    issuedAt: new Date(nowMs).toISOString(),
    notAfter: new Date(command.notAfterMs ?? nowMs + yearMs).toISOString(),
    ...(command.graceDays === null ? {} : { graceDays: command.graceDays }),
    deskGroups: command.deskGroups ?? [],
    settings,
  });
  if (!sealed.success) return no(...sealed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  return done(withSignature({ payload: payloadOf(sealed.data) }, key), sealed.data);
}

/** Two people sign the very same bytes: what the first one said about them stays. */
function signAgain(value: object, { version, notAfterMs, graceDays, deskGroups }: SignCommand, key: SigningKey): Signed {
  if (version !== null || notAfterMs !== null || graceDays !== null || deskGroups !== null)
    return { ok: false, problems: ['It is signed already: another version of it begins with the plain file.'] };
  const form = signedFormSchema.safeParse(value);
  const payload = form.success ? parseDocument(new Uint8Array(Buffer.from(form.data.payload, 'base64url'))) : null;
  const sealed = payload?.ok === true ? sealedSettingsSchema.safeParse(payload.document.value) : null;
  if (!form.success || sealed?.success !== true) return { ok: false, problems: ['It is not in the signed form of settings.'] };
  const wrong = problemsOf(
    'payload',
    new TextEncoder().encode(JSON.stringify(sealed.data.settings)),
    Date.parse(sealed.data.issuedAt),
  );
  return wrong.length > 0 ? { ok: false, problems: wrong } : done(withSignature(form.data, key), sealed.data);
}

/** As a desk without a policy would judge it. */
function problemsOf(name: string, bytes: Uint8Array, nowMs: number): readonly string[] {
  const judged = readSettings({
    policy: noPolicy,
    file: { name, reading: { ok: true, bytes }, mayBeDraft: true },
    lastGood: null,
    nowMs,
  });
  return judged.taken ? [] : judged.problems.map(problemLine);
}

/** The minute, as a number that rises and that a person can read: 202611231420. */
function versionAt(nowMs: number): number {
  return Number(new Date(nowMs).toISOString().slice(0, 16).replaceAll(/\D/g, ''));
}

function done(form: SignedForm, sealed: SealedSettings): Signed {
  return { ok: true, text: `${JSON.stringify(form, null, 2)}\n`, sealed, signatures: form.signatures.length };
}
