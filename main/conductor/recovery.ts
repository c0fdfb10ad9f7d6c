// What a stay that was cut off may have left behind. Read from the journal: an intention without an outcome means "may".
import type { Finding } from '../../contract/snapshot.ts';
import type { JournalEntry } from '../ports/journal.ts';

interface Told {
  model: string | null;
  pinSettingAtMs: number | null;
  makingAtMs: number | null;
  madeAtMs: number | null;
  sendingAtMs: number | null;
  acceptedAtMs: number | null;
  proved: boolean;
  passDeletingAtMs: number | null;
  lastAtMs: number;
}

/** A stay that was begun and neither wiped nor acknowledged. */
export interface CutOffStay {
  readonly stay: string;
  readonly findings: readonly Finding[];
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
    .map(([stay, told]) => ({ stay, findings: findingsOfStay(told) }));
}

function findingsOfStay(entries: readonly JournalEntry[]): readonly Finding[] {
  const told: Told = {
    model: null,
    pinSettingAtMs: null,
    makingAtMs: null,
    madeAtMs: null,
    sendingAtMs: null,
    acceptedAtMs: null,
    proved: false,
    passDeletingAtMs: null,
    lastAtMs: 0,
  };
  for (const entry of entries) follow(told, entry);
  const { model } = told;
  const findings: Finding[] = [{ code: 'stayCutOff', atMs: told.lastAtMs, model: null }];
  if (told.pinSettingAtMs !== null) findings.push({ code: 'pinMayBeSet', atMs: told.pinSettingAtMs, model });
  if (told.makingAtMs !== null) findings.push({ code: 'keyMayHoldAccount', atMs: told.makingAtMs, model });
  if (told.acceptedAtMs !== null) {
    if (!told.proved) findings.push({ code: 'keySavedNotTested', atMs: told.acceptedAtMs, model });
  } else if (told.sendingAtMs !== null || told.madeAtMs !== null) {
    findings.push({ code: 'keyMadeNotSaved', atMs: told.sendingAtMs ?? told.madeAtMs ?? told.lastAtMs, model });
  }
  if (told.passDeletingAtMs !== null) findings.push({ code: 'passMayBeDeleted', atMs: told.passDeletingAtMs, model: null });
  return findings;
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
      // A new credential begins: what was said of the one before is settled.
      Object.assign(told, {
        model: body.model,
        makingAtMs: atMs,
        madeAtMs: null,
        sendingAtMs: null,
        acceptedAtMs: null,
        proved: false,
      } satisfies Partial<Told>);
      return;
    case 'credential.made':
      told.makingAtMs = null;
      told.madeAtMs = atMs;
      return;
    case 'credential.notMade':
      told.makingAtMs = null;
      return;
    case 'registration.sending':
      told.sendingAtMs = atMs;
      return;
    case 'registration.accepted':
      told.acceptedAtMs = atMs;
      return;
    case 'registration.refused':
      told.sendingAtMs = null;
      return;
    case 'proof.given':
      told.proved = true;
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
