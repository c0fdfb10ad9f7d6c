// The only fields that can reach the disk. Strict: a member that is not listed here makes the entry impossible to write.
// docs/journal.md lists them; a test compares.
import { z } from 'zod';
import type { CareDeedName } from '../../contract/care.ts';
import { foretoldCodes, type ForetoldCode } from '../../contract/foretold.ts';
import { reasonCodes, type ReasonCode } from '../../contract/reason.ts';
import type { WayIn } from '../../contract/snapshot.ts';
import type { AnchorTarget, AnchorTrouble } from '../ports/anchor.ts';
import type { SecondFactor } from '../ports/directory.ts';
import type { FileBegun, JournalEvent, SettingsOrigin, StayEnd } from '../ports/journal.ts';
import type { BlockedAttempt, DeskNotice, DoorRefusal } from '../ports/notice.ts';
import { isWellFormed, readCanonical } from './canonical.ts';

const event = <Name extends string, Fields extends z.core.$ZodShape>(name: Name, fields: Fields) =>
  z.strictObject({ event: z.literal(name), ...fields });

const isReasonCode = (code: string): code is ReasonCode => (reasonCodes as readonly string[]).includes(code);
const isForetoldCode = (code: string): code is ForetoldCode => (foretoldCodes as readonly string[]).includes(code);
const reason = z.string().refine(isReasonCode);
const status = z.int().min(0).max(9_999_999).nullable();
const requestId = z.guid().nullable();
/** Or what stands for a value that tells of one person. */
const pseudonym = '~[A-Za-z0-9_-]{22}';
/** Base64url of at most 1023 bytes (WebAuthn Level 3 §4, credential id). */
const credentialIdB64u = z
  .string()
  .regex(new RegExp(`^(?:[A-Za-z0-9_-]{1,1364}|${pseudonym})$`))
  .nullable();
const objectId = z
  .string()
  .regex(new RegExp(`^(?:[A-Za-z0-9-]{1,64}|${pseudonym})$`))
  .nullable();
const serial = z
  .string()
  .regex(new RegExp(`^(?:[A-Za-z0-9._-]{1,64}|${pseudonym})$`))
  .nullable();
const aaguid = z.guid().nullable();
/** What a key says of itself or what lists say of it. */
const model = z.string().max(200).refine(isWellFormed);
/** Our own words: never text of a page, a key or a person. */
const word = z.string().regex(/^[\w .:/-]{1,80}$/);
const host = z
  .string()
  .regex(/^[A-Za-z0-9.:[\]-]{1,260}$/)
  .nullable();

const stayEnds = ['finished', 'startedAgain', 'idle', 'left', 'crash', 'trouble'] as const satisfies readonly StayEnd[];
const settingsOrigins = ['signed', 'lastGood', 'unsigned', 'managed', 'defaults'] as const satisfies readonly SettingsOrigin[];
const waysIn = ['securityKey', 'secondKey', 'phoneSignIn', 'earlierKey'] as const satisfies readonly WayIn[];

const secondFactors = [
  'push',
  'oath',
  'voiceMobile',
  'voiceAlternateMobile',
  'voiceOffice',
  'sms',
] as const satisfies readonly SecondFactor[];

const careDeeds = [
  'setPin',
  'changePin',
  'readAccounts',
  'deleteAccount',
  'readFingerprints',
  'teach',
  'rename',
  'removeFingerprint',
  'configure',
  'erase',
] as const satisfies readonly CareDeedName[];

const notices = ['door.refused', 'page.blocked', 'process.gone'] as const satisfies readonly DeskNotice['notice'][];
const doorRefusals = ['foreignSender', 'tooLarge', 'unreadable', 'tooMany', 'notOpen'] as const satisfies readonly DoorRefusal[];
const blockedAttempts = [
  'navigation',
  'window',
  'download',
  'request',
  'document',
  'fileChooser',
  'permission',
  'signInBox',
  'certificate',
] as const satisfies readonly BlockedAttempt[];

const isCanonical = (text: string): boolean => readCanonical(text) !== null;
const count = z.int().min(1);
/** Ed25519 as SubjectPublicKeyInfo (RFC 8410 §4): 44 bytes. */
const publicKey = z.string().regex(/^[A-Za-z0-9_-]{59}$/);
const sealHash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const fileName = z.string().regex(/^[A-Za-z0-9._-]{1,120}$/);
const filesBegun = ['new', 'sealed', 'unreadable', 'filesMissing', 'keyMissing'] as const satisfies readonly FileBegun[];
const anchorTargets = ['syslog', 'otlp'] as const satisfies readonly AnchorTarget[];
const anchorTroubles = [
  'unreachable',
  'notTrusted',
  'refused',
  'late',
  'caUnreadable',
] as const satisfies readonly AnchorTrouble[];

const events = z.discriminatedUnion('event', [
  event('desk.started', { version: word }),
  event('desk.reopened', {}),
  event('settings.taken', { source: z.enum(settingsOrigins), version: z.int().min(1).nullable() }),
  event('settings.refused', { reason, detail: word.nullable() }),
  event('stay.begun', {}),
  event('gate.refused', { reason }),
  event('plan.foretold', { codes: z.array(z.string().refine(isForetoldCode)).max(foretoldCodes.length).readonly() }),
  event('stay.signedIn', { objectId }),
  event('pin.setting', { model, aaguid, change: z.boolean() }),
  event('pin.set', {}),
  event('pin.notSet', { reason }),
  event('credential.making', { model, aaguid }),
  event('credential.made', { credentialIdB64u }),
  event('credential.notMade', { reason }),
  event('credential.discarding', { credentialIdB64u }),
  event('credential.discarded', { credentialIdB64u }),
  event('credential.notDiscarded', { credentialIdB64u, reason }),
  event('credential.replaced', { credentialIdB64u }),
  event('credential.left', { credentialIdB64u, reason }),
  event('registration.sending', { credentialIdB64u }),
  event('registration.accepted', { credentialIdB64u }),
  event('registration.refused', { credentialIdB64u, reason, status, requestId }),
  event('registration.listed', { credentialIdB64u }),
  event('proof.given', { credentialIdB64u }),
  event('proof.refused', { credentialIdB64u, reason }),
  event('care.doing', { deed: z.enum(careDeeds), model, aaguid, serial }),
  event('care.done', { deed: z.enum(careDeeds) }),
  event('care.notDone', { deed: z.enum(careDeeds), reason }),
  event('keySignIn.asking', { model, aaguid }),
  event('keySignIn.given', {}),
  event('keySignIn.refused', { reason }),
  event('phone.registered', {}),
  event('phone.signInOn', {}),
  event('phone.skipped', {}),
  event('factor.setting', { from: z.enum(secondFactors) }),
  event('factor.set', {}),
  event('factor.kept', { reason }),
  event('pass.deleting', {}),
  event('pass.deleted', {}),
  event('pass.kept', { reason }),
  event('trouble', { reason, status }),
  event('lateAnswer', { effect: word }),
  event('intent.refused', { why: word }),
  event('page.blocked', { what: z.enum(blockedAttempts), host }),
  event('door.refused', { door: word, because: z.enum(doorRefusals) }),
  event('process.gone', { process: word, reason: word }),
  event('notices.more', { of: z.enum(notices), count: z.int().min(1) }),
  event('renderer.gone', { what: word }),
  event('stay.ended', { how: z.enum(stayEnds), ways: z.array(z.enum(waysIn)).max(16).readonly() }),
  event('stay.wiped', { leftovers: z.int().min(0) }),
  event('stay.foundCutOff', { findings: z.array(word).max(100).readonly() }),
  event('journal.begun', {
    publicKey,
    because: z.enum(filesBegun),
    seal: z.string().max(4096).refine(isCanonical).nullable(),
    setAside: fileName.nullable(),
  }),
  event('journal.sealed', { publicKey, nextPublicKey: publicKey, because: z.enum(['size', 'age']) }),
  event('journal.deleted', { throughFile: count, throughSequence: count, sealHash }),
  event('journal.restored', { headSequence: count }),
  event('anchor.failing', { to: z.enum(anchorTargets), why: z.enum(anchorTroubles) }),
  event('anchor.resumed', { to: z.enum(anchorTargets) }),
]);

/** Names of all fields that any event has, `event` itself left out. */
export const fieldNames: readonly string[] = [...new Set(events.options.flatMap(({ shape }) => Object.keys(shape)))].filter(
  (name) => name !== 'event',
);

/** Exactly the port's events: one that is missing on either side does not compile. */
export const journalEventSchema: z.ZodType<SameEvents> = events;
type SameEvents = JournalEvent extends z.infer<typeof events> ? JournalEvent : never;

/** One stay's number or name; made by the desk. */
export const stayIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/)
  .nullable();
