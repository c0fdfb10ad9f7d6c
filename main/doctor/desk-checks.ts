// What can be said of the desk itself: the network in front of it, the keys on it, what it has written down, and the metadata it keeps.
import type { CheckCode, Finding } from '../../contract/doctor.ts';
import type { ReasonCode } from '../../contract/reason.ts';
import type { DeskEvidence } from './evidence.ts';
import { check } from './tenant-checks.ts';

export function deskChecks(evidence: DeskEvidence): readonly Finding[] {
  return [
    ...settingsChecks(evidence),
    ...routeChecks(evidence),
    ...hostChecks(evidence),
    ...keyChecks(evidence),
    ...journalChecks(evidence),
    ...metadataChecks(evidence),
  ];
}

/** Of the ways in the settings, those that can never serve, because nobody could sign in for them. */
function routeChecks({ settings }: DeskEvidence): readonly Finding[] {
  const { registrationRoutes, technicianClientId, stationClientId } = settings;
  const names = registrationRoutes.filter(
    (route) => (route === 'technician' && technicianClientId === null) || (route === 'station' && stationClientId === null),
  );
  return names.length > 0 ? [check('routes.noSignIn', { names })] : [];
}

/** Time enough to sign and to bring a file to every desk. */
const endingSoonMs = 30 * 86_400_000;

function settingsChecks({ standing, world, atMs: nowMs }: DeskEvidence): readonly Finding[] {
  const { seal, refused, sources } = standing;
  const unused = refused === null ? [] : [check('settings.lastGood', { reason: refused })];
  if (seal === null) {
    const isManaged = world === 'field' || Object.values(sources).includes('managed');
    return [...unused, check(isManaged ? 'settings.managed' : 'settings.practice')];
  }
  const { version, notAfterMs, servesUntilMs } = seal;
  const names = [`version ${version}`];
  if (nowMs > notAfterMs) return [...unused, check('settings.over', { names, atMs: servesUntilMs })];
  const isEnding = nowMs > notAfterMs - endingSoonMs;
  return [...unused, check(isEnding ? 'settings.ending' : 'settings.signed', { names, atMs: notAfterMs })];
}

function hostChecks({ hosts }: DeskEvidence): readonly Finding[] {
  const shut = hosts.flatMap(({ host, reason }) => (reason === null ? [] : [check('host.shut', { host, reason })]));
  const open = hosts.flatMap(({ host, reason }) => (reason === null ? [host] : []));
  return open.length > 0 ? [...shut, check('host.reached', { names: open })] : shut;
}

/** The keys are with another program, which may be this desk itself. */
const heldByOthers: readonly ReasonCode[] = ['key.serviceBusy', 'key.heldElsewhere'];

function keyChecks({ keys }: DeskEvidence): readonly Finding[] {
  if (keys.seen === 'nothing') {
    return [check(heldByOthers.includes(keys.reason.code) ? 'keys.busy' : 'keys.shut', { reason: keys.reason })];
  }
  const shut = keys.shut.map((reason) => check(heldByOthers.includes(reason.code) ? 'keys.busy' : 'keys.shut', { reason }));
  const unfit = keys.keys.flatMap(({ model, unusable }) =>
    unusable === null ? [] : [check('keys.unfit', { names: [model], reason: unusable })],
  );
  const fit = keys.keys.flatMap(({ model, unusable }) => (unusable === null ? [model] : []));
  if (keys.keys.length === 0 && shut.length === 0) return [check('keys.nonePlugged')];
  return [...shut, ...unfit, ...(fit.length > 0 ? [check('keys.opened', { names: [...new Set(fit)] })] : [])];
}

function journalChecks({ journal }: DeskEvidence): readonly Finding[] {
  if (journal === null) return [];
  const { breaks, anchors } = journal;
  const written =
    breaks === null
      ? check('journal.unread')
      : breaks.length > 0
        ? check('journal.broken', { names: breaks })
        : check('journal.whole');
  if (anchors.length === 0) return [written, check('anchors.none')];
  const failing = anchors.flatMap(({ to, trouble }) => (trouble === null ? [] : [`${to}: ${trouble}`]));
  return [written, failing.length > 0 ? check('anchors.failing', { names: failing }) : check('anchors.arriving')];
}

function metadataChecks({ metadata, settings }: DeskEvidence): readonly Finding[] {
  if (metadata === 'notUsed') return [];
  if (metadata === null) return [check(withoutMetadata(settings))];
  const { stale, nextUpdateMs: atMs } = metadata;
  return [check(stale ? 'metadata.old' : 'metadata.fresh', { atMs })];
}

/** What was fetched lies with the account that runs the desk, which need not be the one that asks. */
function withoutMetadata(settings: DeskEvidence['settings']): CheckCode {
  const { requireAttestation, requireMetadata, leastCertification, metadataFile, metadataUrl } = settings;
  if (metadataFile === null && metadataUrl === null) return 'metadata.none';
  const isNeeded = requireAttestation || requireMetadata || leastCertification !== null;
  return isNeeded && metadataUrl === null ? 'metadata.missing' : 'metadata.notHere';
}
