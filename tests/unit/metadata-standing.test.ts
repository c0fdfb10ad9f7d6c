import { describe, expect, test } from 'vitest';
import type { StatusReport } from '../../main/fido/metadata/metadata-entry.ts';
import { certificationLevels, reachesLevel, standingOf, type Standing } from '../../main/fido/metadata/standing.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
const report = (
  status: string,
  date: string | null = '2025-01-01',
  authenticatorVersion: number | null = null,
): StatusReport => ({
  status,
  effectiveMs: date === null ? null : Date.parse(`${date}T00:00:00Z`),
  authenticatorVersion,
});
const standing = (reports: readonly StatusReport[], firmwareVersion?: number): Standing =>
  standingOf(reports, { wallMs: NOW_MS, firmwareVersion });
const good = (certification: string | null, updateAvailable = false) => ({ kind: 'good', certification, updateAvailable });

describe('certification', () => {
  test.each([
    ['FIDO_CERTIFIED', 'certified'],
    ['FIDO_CERTIFIED_L1', 'L1'],
    ['FIDO_CERTIFIED_L1plus', 'L1plus'],
    ['FIDO_CERTIFIED_L2', 'L2'],
    ['FIDO_CERTIFIED_L2plus', 'L2plus'],
    ['FIDO_CERTIFIED_L3', 'L3'],
    ['FIDO_CERTIFIED_L3plus', 'L3plus'],
    ['NOT_FIDO_CERTIFIED', null],
    ['SELF_ASSERTION_SUBMITTED', null],
    ['SOMETHING_NEW', null],
  ])('%s is %j', (status, level) => {
    expect(standing([report(status)])).toEqual(good(level));
  });

  test('the highest counts, in whatever order the reports stand', () => {
    const reports = [report('FIDO_CERTIFIED_L2', '2024-01-01'), report('FIDO_CERTIFIED_L1', '2025-01-01')];
    expect(standing(reports)).toEqual(good('L2'));
    expect(standing(reports.toReversed())).toEqual(good('L2'));
  });

  test('what was taken back is gone, until it is given again', () => {
    const gone = [report('FIDO_CERTIFIED_L2', '2024-01-01'), report('NOT_FIDO_CERTIFIED', '2025-01-01')];
    expect(standing(gone)).toEqual(good(null));
    expect(standing([...gone, report('FIDO_CERTIFIED_L1', '2025-06-01')])).toEqual(good('L1'));
  });

  test('a level is reached by itself and by all above it', () => {
    for (const [at, wanted] of certificationLevels.entries()) {
      expect(reachesLevel(null, wanted)).toBe(false);
      expect(certificationLevels.map((level) => reachesLevel(level, wanted))).toEqual(
        certificationLevels.map((_, index) => index >= at),
      );
    }
  });
});

describe('trust that was lost', () => {
  const compromises = [
    'USER_VERIFICATION_BYPASS',
    'ATTESTATION_KEY_COMPROMISE',
    'USER_KEY_REMOTE_COMPROMISE',
    'USER_KEY_PHYSICAL_COMPROMISE',
  ] as const;

  test.each(compromises)('%s stands beside any certification, older or newer', (status) => {
    const sinceMs = Date.UTC(2025, 0, 1);
    for (const date of ['2024-01-01', '2026-01-01']) {
      expect(standing([report('FIDO_CERTIFIED_L3', date), report(status)])).toEqual({ kind: 'compromised', status, sinceMs });
    }
  });

  test('a revoked model stays revoked', () => {
    const reports = [
      report('REVOKED', null),
      report('UPDATE_AVAILABLE', '2026-01-01', 2),
      report('FIDO_CERTIFIED_L1', '2026-02-01'),
    ];
    expect(standing(reports, 9)).toEqual({ kind: 'revoked', sinceMs: null });
  });

  test('a report counts from its date on', () => {
    expect(standing([report('REVOKED', '2026-11-23')])).toEqual(good(null));
    expect(standing([report('REVOKED', '2026-11-22')])).toMatchObject({ kind: 'revoked' });
  });

  describe('an update ends a compromise', () => {
    const reports = [report('USER_VERIFICATION_BYPASS', '2025-01-01'), report('UPDATE_AVAILABLE', '2025-03-01', 5)];

    test('for keys that have it', () => {
      expect(standing(reports, 5)).toEqual(good(null));
      expect(standing(reports, 6)).toEqual(good(null));
    });

    test('not for keys that lack it, or do not say', () => {
      expect(standing(reports, 4)).toMatchObject({ kind: 'compromised' });
      expect(standing(reports)).toMatchObject({ kind: 'compromised' });
    });

    test('not when it came before, or names no firmware', () => {
      const early = [report('USER_VERIFICATION_BYPASS', '2025-01-01'), report('UPDATE_AVAILABLE', '2024-03-01', 5)];
      const vague = [report('USER_VERIFICATION_BYPASS', '2025-01-01'), report('UPDATE_AVAILABLE', '2025-03-01')];
      expect(standing(early, 9)).toMatchObject({ kind: 'compromised' });
      expect(standing(vague, 9)).toMatchObject({ kind: 'compromised' });
    });

    test('not a later one', () => {
      const again = [...reports, report('USER_KEY_REMOTE_COMPROMISE', '2025-06-01')];
      expect(standing(again, 9)).toMatchObject({ kind: 'compromised', status: 'USER_KEY_REMOTE_COMPROMISE' });
    });
  });

  test('an update without a compromise is only mentioned', () => {
    const reports = [report('FIDO_CERTIFIED_L1'), report('UPDATE_AVAILABLE', '2025-03-01', 5)];
    expect(standing(reports, 4)).toEqual(good('L1', true));
    expect(standing(reports, 5)).toEqual(good('L1', false));
  });
});
