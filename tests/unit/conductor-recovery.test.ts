// Whatever point the process was killed at, the next start says what is true: no less, and nothing it can't know.
import { describe, expect, test } from 'vitest';
import { cutOffStays } from '../../main/conductor/recovery.ts';
import type { JournalEntry, JournalEvent } from '../../main/ports/journal.ts';

const id = 'Y3JlZA';
const key = { model: 'Practice key', aaguid: null } as const;

/** A whole good stay, entry by entry. */
const story: readonly JournalEvent[] = [
  { event: 'stay.begun' },
  { event: 'stay.signedIn', objectId: null },
  { event: 'pin.setting', ...key, change: false },
  { event: 'pin.set' },
  { event: 'credential.making', ...key },
  { event: 'credential.made', credentialIdB64u: id },
  { event: 'registration.sending', credentialIdB64u: id },
  { event: 'registration.accepted', credentialIdB64u: id },
  { event: 'registration.listed', credentialIdB64u: id },
  { event: 'proof.given', credentialIdB64u: id },
  { event: 'pass.deleting' },
  { event: 'pass.deleted' },
  { event: 'stay.ended', how: 'finished', ways: ['securityKey'] },
  { event: 'stay.wiped', leftovers: 0 },
];

const entries = (events: readonly JournalEvent[], stay: string | null = 's1'): JournalEntry[] =>
  events.map((body, index) => ({ sequence: index + 1, atMs: 1_000 + index, stay, body }));

const codes = (events: readonly JournalEvent[]) =>
  cutOffStays(entries(events)).flatMap((stay) => stay.findings.map((finding) => finding.code));

describe('a stay that was cut off', () => {
  test.each([
    [1, ['stayCutOff']],
    [2, ['stayCutOff']],
    [3, ['stayCutOff', 'pinMayBeSet']],
    [4, ['stayCutOff']],
    [5, ['stayCutOff', 'keyMayHoldAccount']],
    [6, ['stayCutOff', 'keyMadeNotSaved']],
    [7, ['stayCutOff', 'keyMadeNotSaved']],
    [8, ['stayCutOff', 'keySavedNotTested']],
    [9, ['stayCutOff', 'keySavedNotTested']],
    [10, ['stayCutOff']],
    [11, ['stayCutOff', 'passMayBeDeleted']],
    [12, ['stayCutOff']],
    [13, ['stayCutOff']],
    [14, []],
  ])('after entry %i', (count, expected) => {
    expect(codes(story.slice(0, count))).toEqual(expected);
  });

  test('names the time and the model, and nobody', () => {
    const [stay] = cutOffStays(entries(story.slice(0, 5)));
    expect(stay).toEqual({
      stay: 's1',
      findings: [
        { code: 'stayCutOff', atMs: 1_004, model: null },
        { code: 'keyMayHoldAccount', atMs: 1_004, model: 'Practice key' },
      ],
      open: [],
    });
  });

  test('a refused registration leaves a made key that is not saved', () => {
    const refused: JournalEvent = {
      event: 'registration.refused',
      credentialIdB64u: id,
      reason: 'directory.refused',
      status: 400,
      requestId: null,
    };
    expect(codes([...story.slice(0, 7), refused])).toEqual(['stayCutOff', 'keyMadeNotSaved']);
  });

  test('a key that was tidied, or got a newer credential in its place, is not told of; one that kept it is', () => {
    const made = story.slice(0, 6);
    const discarding: JournalEvent = { event: 'credential.discarding', credentialIdB64u: id };
    expect(codes([...made, discarding])).toEqual(['stayCutOff', 'keyMadeNotSaved']);
    expect(codes([...made, discarding, { event: 'credential.discarded', credentialIdB64u: id }])).toEqual(['stayCutOff']);
    const kept: JournalEvent = { event: 'credential.notDiscarded', credentialIdB64u: id, reason: 'key.accountStays' };
    expect(codes([...made, discarding, kept])).toEqual(['stayCutOff', 'keyMadeNotSaved']);
    expect(codes([...made, discarding, kept, { event: 'credential.replaced', credentialIdB64u: id }])).toEqual(['stayCutOff']);
  });

  test('names every credential that is open, also when another one was made after it', () => {
    const second = 'c2Vjb25k';
    const [stay] = cutOffStays(
      entries([
        ...story.slice(0, 6),
        { event: 'credential.making', ...key, model: 'Other key' },
        { event: 'credential.made', credentialIdB64u: second },
        { event: 'registration.accepted', credentialIdB64u: second },
      ]),
    );
    expect(stay?.open).toEqual([id]);
    expect(stay?.findings).toEqual([
      { code: 'stayCutOff', atMs: 1_008, model: null },
      { code: 'keyMadeNotSaved', atMs: 1_005, model: 'Practice key' },
      { code: 'keySavedNotTested', atMs: 1_008, model: 'Other key' },
    ]);
  });

  test('is told once: acknowledged stays and entries of the desk itself are skipped', () => {
    expect(codes([...story.slice(0, 5), { event: 'stay.foundCutOff', findings: ['stayCutOff'] }])).toEqual([]);
    expect(cutOffStays(entries([{ event: 'desk.started', version: '1' }], null))).toEqual([]);
  });

  test('keeps stays apart', () => {
    const both = [...entries(story.slice(0, 3), 's1'), ...entries(story, 's2'), ...entries(story.slice(0, 1), 's3')];
    expect(cutOffStays(both).map((stay) => stay.stay)).toEqual(['s1', 's3']);
  });
});
