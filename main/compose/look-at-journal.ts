// What the doctor sees of the journal: whether its newest file is whole and goes up to its head, and whether the head arrives
// where the settings send it. The whole journal is `firstkey journal verify`'s.
import { readFile } from 'node:fs/promises';
import { JournalUnavailable } from '../adapters/store-sqlite/journal-unavailable.ts';
import { headText, linesOfNewest, publicKeyOfFolder } from '../adapters/store-sqlite/read-journal.ts';
import type { World } from '../../contract/snapshot.ts';
import type { JournalSeen } from '../doctor/evidence.ts';
import type { JournalBreak } from '../journal/verify/verdict.ts';
import { verifyJournal } from '../journal/verify/verify-journal.ts';
import type { JournalSettings } from '../ports/settings.ts';
import { journalPlaces } from './journal-places.ts';
import { anchorsFile } from './open-anchors.ts';

/** Rejects with the signal's reason. */
export async function lookAtJournal(
  dataFolder: string,
  world: World,
  settings: JournalSettings,
  signal: AbortSignal,
): Promise<JournalSeen> {
  return {
    breaks: await breaksIn(journalPlaces(dataFolder, world, settings), signal),
    anchors: await anchorsOf(anchorsFile(dataFolder, world), settings),
  };
}

async function breaksIn(
  { directory, headFile }: ReturnType<typeof journalPlaces>,
  signal: AbortSignal,
): Promise<JournalSeen['breaks']> {
  try {
    const [lines, key, head] = [await linesOfNewest(directory), await publicKeyOfFolder(directory), await headText(headFile)];
    if (lines === null) return null;
    const given = { keys: key === null ? [] : [key], heads: head === null ? [] : [head] };
    const { breaks } = await verifyJournal({ lines, ...given, from: 'part', signal });
    return breaks.map(briefly);
  } catch (error) {
    if (error instanceof JournalUnavailable) return null;
    throw error;
  }
}

/** `deleted 3-5`: the names of docs/journal.md, in every language. */
function briefly(found: JournalBreak): string {
  switch (found.kind) {
    case 'changed':
    case 'deleted':
    case 'restored':
      return `${found.kind} ${found.from}-${found.to}`;
    case 'reordered':
    case 'repeated':
      return `${found.kind} ${found.sequence}`;
    case 'inserted':
      return `${found.kind} ${found.after}`;
    case 'truncated':
      return `${found.kind} ${found.last + 1}-${found.known}`;
    case 'head':
    case 'keyNotInChain':
      return found.kind;
    default:
      return found satisfies never;
  }
}

/** A desk that has not run yet, or runs as another account, has told nothing of them. */
async function anchorsOf(file: string, { syslogHost, otlpUrl }: JournalSettings): Promise<JournalSeen['anchors']> {
  const told = await readFile(file, 'utf8').then(standingsIn, () => []);
  const named = [...(syslogHost === null ? [] : ['syslog']), ...(otlpUrl === null ? [] : ['otlp'])];
  return named.map((to) => told.find((each) => each.to === to) ?? { to, trouble: 'notSentYet' });
}

/** What open-anchors.ts writes; nothing where it was cut off. */
function standingsIn(text: string): JournalSeen['anchors'] {
  try {
    const all: unknown = JSON.parse(text);
    return Array.isArray(all) ? all.flatMap(standingIn) : [];
  } catch {
    return [];
  }
}

function standingIn(standing: unknown): JournalSeen['anchors'] {
  if (typeof standing !== 'object' || standing === null || !('to' in standing) || !('trouble' in standing)) return [];
  const { to, trouble } = standing;
  return typeof to === 'string' && (typeof trouble === 'string' || trouble === null) ? [{ to, trouble }] : [];
}
