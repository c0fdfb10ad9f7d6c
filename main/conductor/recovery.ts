// What a stay that was cut off may have left behind. Read from the journal: an intention without an outcome means "may".
import type { Finding } from '../../contract/snapshot.ts';
import type { JournalEntry } from '../ports/journal.ts';

/** A credential that the stay made. */
interface ToldCredential {
  readonly model: string | null;
  readonly madeAtMs: number;
  sentAtMs: number | null;
  acceptedAtMs: number | null;
  proved: boolean;
}

interface Told {
  model: string | null;
  pinSettingAtMs: number | null;
  makingAtMs: number | null;
  /** By id; those that were taken back or replaced are not here any more. */
  readonly credentials: Map<string | null, ToldCredential>;
  passDeletingAtMs: number | null;
  lastAtMs: number;
}

/** A stay that was begun and neither wiped nor acknowledged. */
export interface CutOffStay {
  readonly stay: string;
  readonly findings: readonly Finding[];
  /** Base64url ids of the credentials that it made, and of which it does not say that they were saved or taken back. */
  readonly open: readonly string[];
}

/** Every stay among `entries` that was cut off, oldest first; entries of the desk itself are skipped. */
export function cutOffStays(entries: readonly JournalEntry[]): readonly CutOffStay[] {
  const stays = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    if (entry.stay === null) continue;
    const known = stays.get(entry.stay);
    if (known) known.push(entry);
    else stays.set(entry.stay, [entry]);
  }
  return [...stays]
    .filter(([, told]) => !told.some(({ body }) => body.event === 'stay.wiped' || body.event === 'stay.foundCutOff'))
    .map(([stay, entriesOfStay]) => {
      const told = toldIn(entriesOfStay);
      return { stay, findings: findingsOf(told), open: openIn(told) };
    });
}

function toldIn(entries: readonly JournalEntry[]): Told {
  const told: Told = {
    model: null,
    pinSettingAtMs: null,
    makingAtMs: null,
    credentials: new Map(),
    passDeletingAtMs: null,
    lastAtMs: 0,
  };
  for (const entry of entries) follow(told, entry);
  return told;
}

function findingsOf({ model, pinSettingAtMs, makingAtMs, credentials, passDeletingAtMs, lastAtMs }: Told): readonly Finding[] {
  const findings: Finding[] = [{ code: 'stayCutOff', atMs: lastAtMs, model: null }];
  if (pinSettingAtMs !== null) findings.push({ code: 'pinMayBeSet', atMs: pinSettingAtMs, model });
  if (makingAtMs !== null) findings.push({ code: 'keyMayHoldAccount', atMs: makingAtMs, model });
  for (const made of credentials.values()) {
    if (made.acceptedAtMs === null)
      findings.push({ code: 'keyMadeNotSaved', atMs: made.sentAtMs ?? made.madeAtMs, model: made.model });
    else if (!made.proved) findings.push({ code: 'keySavedNotTested', atMs: made.acceptedAtMs, model: made.model });
  }
  if (passDeletingAtMs !== null) findings.push({ code: 'passMayBeDeleted', atMs: passDeletingAtMs, model: null });
  return findings;
}

function openIn({ credentials }: Told): readonly string[] {
  return [...credentials].flatMap(([credentialIdB64u, { acceptedAtMs }]) =>
    acceptedAtMs === null && credentialIdB64u !== null ? [credentialIdB64u] : [],
  );
}

function follow(told: Told, { atMs, body }: JournalEntry): void {
  told.lastAtMs = atMs;
  switch (body.event) {
    case 'pin.setting':
      told.model = body.model;
      told.pinSettingAtMs = atMs;
      return;
    case 'pin.set':
    case 'pin.notSet':
      told.pinSettingAtMs = null;
      return;
    case 'credential.making':
      told.model = body.model;
      told.makingAtMs = atMs;
      return;
    case 'credential.made':
      told.makingAtMs = null;
      told.credentials.set(body.credentialIdB64u, {
        model: told.model,
        madeAtMs: atMs,
        sentAtMs: null,
        acceptedAtMs: null,
        proved: false,
      });
      return;
    case 'credential.notMade':
      told.makingAtMs = null;
      return;
    case 'credential.discarded':
      told.credentials.delete(body.credentialIdB64u);
      return;
    case 'credential.replaced':
      // Where ids are not written, the newer one stands here already.
      if (body.credentialIdB64u !== null) told.credentials.delete(body.credentialIdB64u);
      return;
    case 'registration.sending':
      note(told, body, { sentAtMs: atMs });
      return;
    case 'registration.accepted':
      note(told, body, { acceptedAtMs: atMs });
      return;
    case 'registration.refused':
      note(told, body, { sentAtMs: null });
      return;
    case 'proof.given':
      note(told, body, { proved: true });
      return;
    case 'pass.deleting':
      told.passDeletingAtMs = atMs;
      return;
    case 'pass.deleted':
    case 'pass.kept':
      told.passDeletingAtMs = null;
      return;
    default:
      return;
  }
}

function note(
  { credentials }: Told,
  { credentialIdB64u }: { readonly credentialIdB64u: string | null },
  what: Partial<Pick<ToldCredential, 'sentAtMs' | 'acceptedAtMs' | 'proved'>>,
): void {
  const known = credentials.get(credentialIdB64u);
  if (known) Object.assign(known, what);
}
