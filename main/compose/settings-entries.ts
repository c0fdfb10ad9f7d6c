// What the journal says of the settings when a desk starts. No value of a setting is in it.
import type { SettingsVerdict } from '../adapters/settings-file/read-settings.ts';
import type { JournalEvent, SettingsOrigin } from '../ports/journal.ts';
import type { Reason } from '../../contract/reason.ts';
import type { SettingsStanding } from '../ports/settings.ts';

export function settingsEntries(found: SettingsVerdict): readonly JournalEvent[] {
  if (!found.taken) return [refusal(found.reason)];
  const { refused, seal } = found.standing;
  const taken: JournalEvent = { event: 'settings.taken', source: originOf(found.standing), version: seal?.version ?? null };
  return refused === null ? [taken] : [refusal(refused), taken];
}

const refusal = ({ code, detail }: Reason): JournalEvent => ({
  event: 'settings.refused',
  reason: code,
  detail: detail?.statusName ?? null,
});

function originOf({ seal, refused, sources }: SettingsStanding): SettingsOrigin {
  if (seal !== null) return refused === null ? 'signed' : 'lastGood';
  const used = new Set(Object.values(sources));
  return used.has('file') ? 'unsigned' : used.has('managed') ? 'managed' : 'defaults';
}
