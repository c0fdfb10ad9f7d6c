// One stay as the journal sees it, with every event there is: what tests write, kill and read back.
import type { JournalEvent } from '../../main/ports/journal.ts';

const aaguid = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const credentialIdB64u = 'btMEc_CFrgCt2QaLZA8GglFhJSE-p7Lcab7sqxh_pFg';
const publicKey = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const requestId = '1b0c7f52-6f0d-4f43-9a35-0a5d5b7c2f10';

/** A sample of each; a new event in the port does not compile until it has one. */
export const journalSamples: { readonly [Name in JournalEvent['event']]: Extract<JournalEvent, { event: Name }> } = {
  'desk.started': { event: 'desk.started', version: '0.1.0' },
  'desk.reopened': { event: 'desk.reopened' },
  'settings.taken': { event: 'settings.taken', source: 'signed', version: 7 },
  'settings.refused': { event: 'settings.refused', reason: 'desk.settingsOld', detail: 'version 3 before 7' },
  'stay.begun': { event: 'stay.begun' },
  'gate.refused': { event: 'gate.refused', reason: 'desk.behindVpn' },
  'plan.foretold': { event: 'plan.foretold', codes: ['access.strengthForgetsPass'] },
  'stay.signedIn': { event: 'stay.signedIn', objectId: '3f0c9a52-6f0d-4f43-9a35-0a5d5b7c2f11' },
  'pin.setting': { event: 'pin.setting', model: 'Practice key', aaguid, change: false },
  'pin.set': { event: 'pin.set' },
  'pin.notSet': { event: 'pin.notSet', reason: 'key.pinRefused' },
  'credential.making': { event: 'credential.making', model: 'Practice key', aaguid: null },
  'credential.made': { event: 'credential.made', credentialIdB64u },
  'credential.notMade': { event: 'credential.notMade', reason: 'key.touchTimeout' },
  'credential.discarding': { event: 'credential.discarding', credentialIdB64u },
  'credential.discarded': { event: 'credential.discarded', credentialIdB64u },
  'credential.notDiscarded': { event: 'credential.notDiscarded', credentialIdB64u, reason: 'key.removed' },
  'credential.replaced': { event: 'credential.replaced', credentialIdB64u },
  'credential.left': { event: 'credential.left', credentialIdB64u, reason: 'key.accountStays' },
  'registration.sending': { event: 'registration.sending', credentialIdB64u },
  'registration.accepted': { event: 'registration.accepted', credentialIdB64u },
  'registration.refused': {
    event: 'registration.refused',
    credentialIdB64u,
    reason: 'directory.refused',
    status: 400,
    requestId,
  },
  'registration.listed': { event: 'registration.listed', credentialIdB64u },
  'proof.given': { event: 'proof.given', credentialIdB64u },
  'keySignIn.asking': { event: 'keySignIn.asking', model: 'Key', aaguid: null },
  'keySignIn.given': { event: 'keySignIn.given' },
  'keySignIn.refused': { event: 'keySignIn.refused', reason: 'key.noAccount' },
  'proof.refused': { event: 'proof.refused', credentialIdB64u, reason: 'key.proofFailed' },
  'care.doing': { event: 'care.doing', deed: 'deleteAccount', model: 'Practice key', aaguid, serial: '12345678' },
  'care.done': { event: 'care.done', deed: 'erase' },
  'care.notDone': { event: 'care.notDone', deed: 'teach', reason: 'key.touchTimeout' },
  'phone.registered': { event: 'phone.registered' },
  'phone.signInOn': { event: 'phone.signInOn' },
  'phone.skipped': { event: 'phone.skipped' },
  'factor.setting': { event: 'factor.setting', from: 'sms' },
  'factor.set': { event: 'factor.set' },
  'factor.kept': { event: 'factor.kept', reason: 'directory.forbidden' },
  'pass.deleting': { event: 'pass.deleting' },
  'pass.deleted': { event: 'pass.deleted' },
  'pass.kept': { event: 'pass.kept', reason: 'directory.forbidden' },
  trouble: { event: 'trouble', reason: 'signIn.refused', status: 7_000_218 },
  lateAnswer: { event: 'lateAnswer', effect: 'makeCredential' },
  'intent.refused': { event: 'intent.refused', why: 'notAllowedNow' },
  'page.blocked': { event: 'page.blocked', what: 'navigation', host: 'www.example.com' },
  'door.refused': { event: 'door.refused', door: 'kiosk', because: 'tooMany' },
  'process.gone': { event: 'process.gone', process: 'GPU', reason: 'crashed' },
  'notices.more': { event: 'notices.more', of: 'page.blocked', count: 980 },
  'renderer.gone': { event: 'renderer.gone', what: 'crashed' },
  'stay.ended': { event: 'stay.ended', how: 'finished', ways: ['securityKey', 'phoneSignIn'] },
  'stay.wiped': { event: 'stay.wiped', leftovers: 0 },
  'stay.foundCutOff': { event: 'stay.foundCutOff', findings: ['pinMayBeSet'] },
  'journal.begun': {
    event: 'journal.begun',
    publicKey,
    because: 'unreadable',
    seal: '{}',
    setAside: 'journal-000001.sqlite.broken-1',
  },
  'journal.sealed': { event: 'journal.sealed', publicKey, nextPublicKey: publicKey, because: 'age' },
  'journal.deleted': { event: 'journal.deleted', throughFile: 2, throughSequence: 812, sealHash: 'A'.repeat(43) },
  'journal.restored': { event: 'journal.restored', headSequence: 1042 },
  'anchor.failing': { event: 'anchor.failing', to: 'syslog', why: 'notTrusted' },
  'anchor.resumed': { event: 'anchor.resumed', to: 'otlp' },
};

/** Begun, everything in between, wiped. */
export const journalStory: readonly JournalEvent[] = [
  journalSamples['stay.begun'],
  ...Object.values(journalSamples).filter(
    ({ event }) => event !== 'stay.begun' && event !== 'stay.wiped' && !/^(?:desk|journal|anchor|settings)\./.test(event),
  ),
  journalSamples['stay.wiped'],
];
