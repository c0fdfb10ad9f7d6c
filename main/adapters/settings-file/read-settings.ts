// The desk's settings, from all their sources to one verdict. docs/settings.md tells the rules; here they stand in their order.
// What is refused never counts for a little: another document takes its place whole, or the desk stays closed.
import type { Reason } from '../../../contract/reason.ts';
import type { Settings, SettingsStanding } from '../../ports/settings.ts';
import { fileTroubleWords, type CarefulReading } from './document/careful-file.ts';
import { parseDocument } from './document/json-document.ts';
import { judgeMembers, memberProblems, problemsOf } from './judge-members.ts';
import { judgeSigned, refusalOf, unreadableBecause, type Refusal } from './judge-signed.ts';
import { policyMemberNames, policyMembersSchema, type PolicyMembers } from './policy/policy-members.ts';
import type { PolicyReading } from './policy/policy-reading.ts';
import { isObject, layerOf, type Layer } from './settings-layer.ts';
import type { SettingsProblem } from './settings-problem.ts';
import type { LastGood } from './signed/last-good.ts';

/** More than this is no settings file; signed ones are a third larger than what they hold. */
export const mostSettingsBytes = 131_072;

export interface SettingsSurroundings {
  readonly policy: PolicyReading;
  /** The settings file, and what problems call it. */
  readonly file: {
    readonly name: string;
    readonly reading: CarefulReading;
    /** It is looked at before anybody has signed it; no desk opens with it. */
    readonly mayBeDraft?: boolean;
  };
  /** What this desk used last; null where nobody keeps it. */
  readonly lastGood: LastGood | null;
  readonly nowMs: number;
}

export interface SettingsTaken {
  readonly taken: true;
  readonly settings: Settings;
  readonly standing: SettingsStanding;
  /** What to remember from now on; null when nothing new was signed. */
  readonly keep: LastGood | null;
  /** Of what was found and is not used. */
  readonly problems: readonly SettingsProblem[];
}

export interface SettingsRefused {
  readonly taken: false;
  readonly reason: Reason;
  readonly problems: readonly SettingsProblem[];
  /** Who to call, from a source that can be believed; null when there is none. */
  readonly contact: string | null;
}

export type SettingsVerdict = SettingsTaken | SettingsRefused;

export function readSettings({ policy, file, lastGood, nowMs }: SettingsSurroundings): SettingsVerdict {
  const managed = policy.ok ? splitPolicy(policy.layer) : { problems: policy.problems };
  if ('problems' in managed) return { taken: false, ...unreadableBecause(managed.problems), contact: null };
  const parts: JudgeParts = { ...managed, nowMs, lastGood };
  const found = judgeFile(file, parts);
  if (found.taken || managed.policy.settingsKeys.length === 0 || lastGood === null) return found;
  const before = judgeSignedFile(lastGood.signed, 'the last good settings', { ...parts, lastGood: null });
  if (!before.taken) return { ...found, contact: found.contact ?? before.contact };
  const { settings, standing } = before;
  return { taken: true, settings, standing: { ...standing, refused: found.reason }, keep: null, problems: found.problems };
}

interface JudgeParts {
  readonly layer: Layer;
  readonly policy: PolicyMembers;
  readonly nowMs: number;
  readonly lastGood: LastGood | null;
}

/** Settings apart from what only policy may say. */
function splitPolicy(given: Layer): Pick<JudgeParts, 'layer' | 'policy'> | { readonly problems: readonly SettingsProblem[] } {
  const isPolicyMember = (name: string): boolean => (policyMemberNames as readonly string[]).includes(name);
  const own = [...given].filter(([name]) => isPolicyMember(name));
  const parsed = policyMembersSchema.safeParse(Object.fromEntries(own.map(([name, { value }]) => [name, value])));
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, given)) };
  const layer: Layer = new Map([...given].filter(([name]) => !isPolicyMember(name)));
  // A policy that is wrong by itself must not wait for a file to be blamed.
  const broken = memberProblems(layer);
  return broken.length > 0 ? { problems: broken } : { layer, policy: parsed.data };
}

function judgeFile({ name, reading, mayBeDraft = false }: SettingsSurroundings['file'], parts: JudgeParts): SettingsVerdict {
  if (!reading.ok && reading.trouble === 'missing' && !mayBeDraft) return judgeNoFile(name, parts);
  if (!reading.ok) {
    const says = fileTroubleWords[reading.trouble];
    return refused(unreadableBecause([{ code: reading.trouble, where: name, place: null, path: '', says }]), parts);
  }
  const parsed = parseDocument(reading.bytes);
  if (!parsed.ok) {
    const problems = parsed.problems.map(({ trouble, ...problem }) => ({ ...problem, code: trouble, where: name }));
    return refused(unreadableBecause(problems), parts);
  }
  const { value } = parsed.document;
  if (isObject(value) && ('payload' in value || 'signatures' in value)) return judgeSignedFile(value, name, parts);
  const layer = layerOf(parsed.document, name);
  if (layer === null) {
    const says = 'The document must be an object with settings as its members.';
    return refused(unreadableBecause([{ code: 'wrongValue', where: name, place: null, path: '', says }]), parts);
  }
  if (mayBeDraft) return judged(layer, null, parts);
  if (parts.policy.settingsKeys.length > 0) return refused(refusalOf('desk.settingsUnsigned', 'keys are pinned'), parts);
  const world = (parts.layer.get('world') ?? layer.get('world'))?.value;
  if (world === 'field') return refused(refusalOf('desk.settingsUnsigned', 'world field'), parts);
  return judged(layer, null, parts);
}

/** Policy alone is enough to open a desk, and so is nothing at all, unless this desk was promised a signed file. */
function judgeNoFile(name: string, parts: JudgeParts): SettingsVerdict {
  const isPromised = parts.policy.settingsKeys.length > 0 && (parts.lastGood !== null || !parts.layer.has('world'));
  return isPromised ? refused(refusalOf('desk.settingsMissing', name), parts) : judged(new Map(), null, parts);
}

function judgeSignedFile(value: unknown, where: string, parts: JudgeParts): SettingsVerdict {
  const verdict = judgeSigned(value, { where, ...parts });
  if (!verdict.ok) return refused(verdict.refusal, parts, verdict.contact);
  return judged(verdict.layer, verdict, parts);
}

type Signed = Extract<ReturnType<typeof judgeSigned>, { ok: true }>;

function judged(file: Layer, signed: Signed | null, parts: JudgeParts): SettingsVerdict {
  const { layer: managed } = parts;
  const verdict = judgeMembers(managed, file);
  if (!verdict.ok) return refused(unreadableBecause(verdict.problems), parts, signed?.layer.get('contact')?.value);
  const { settings, sources } = verdict;
  const standing: SettingsStanding = { sources, seal: signed?.seal ?? null, refused: null };
  return { taken: true, settings, standing, keep: signed?.signed ?? null, problems: [] };
}

function refused({ reason, problems }: Refusal, { layer }: JudgeParts, signedContact: unknown = null): SettingsRefused {
  const contact = [layer.get('contact')?.value, signedContact].find((one) => typeof one === 'string');
  return { taken: false, reason, problems, contact: contact === undefined ? null : contact.trim().slice(0, 120) };
}
