// A desk of which the doctor has nothing to say but good, and the parts from which a test makes one that is ill.
import { wallNames } from '../../contract/walls.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import type { DeskEvidence } from '../../main/doctor/evidence.ts';
import { neededRights } from '../../main/doctor/tenant-checks.ts';
import type { KeyDescription } from '../../main/ports/key.ts';
import type { WhatIfResult } from '../../main/ports/tenant.ts';
import { defaultStanding } from './settings-scene.ts';
import { accessPolicy, atOffice, person, tenantRules } from './tenant-samples.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const day = 86_400_000;
const atMs = Date.parse('2026-11-23T09:00:00Z');

export function keyDescription(change: Partial<KeyDescription> = {}): KeyDescription {
  return {
    model: 'Norden N5 NFC',
    plug: 'usb-a',
    aaguid: AAGUID,
    firmware: '5.7.1',
    pin: 'none',
    tries: null,
    minPinLength: 4,
    maxPinLength: 63,
    unusable: null,
    ...change,
  };
}

export function whatIfResult(change: Partial<WhatIfResult>): WhatIfResult {
  const { displayName, grant } = accessPolicy();
  return { policyId: 'policy', displayName, applies: true, grant, ...change };
}

export function evidenceOf(change: Partial<DeskEvidence> = {}): DeskEvidence {
  return {
    world: 'field',
    machine: 'DESK-07',
    atMs,
    settings: { ...defaultSettings, allowedKeyModels: [AAGUID] },
    standing: {
      sources: defaultStanding.sources,
      seal: { version: 3, keyIds: [], issuedAtMs: atMs - day, notAfterMs: atMs + 90 * day, servesUntilMs: atMs + 104 * day },
      refused: null,
    },
    rules: { ok: true, value: tenantRules() },
    rights: { ok: true, value: { permissions: [...neededRights], roles: [] } },
    station: { ok: true, value: { endsAtMs: atMs + 400 * 86_400_000 } },
    place: { ok: true, value: atOffice },
    person: { standing: { ok: true, value: person() }, whatIf: { ok: true, value: [] } },
    hosts: [{ host: 'graph.microsoft.com', reason: null }],
    keys: { seen: 'keys', keys: [keyDescription()], shut: [] },
    walls: { byDesk: true, walls: wallNames.map((wall) => ({ wall, standing: 'stands', shown: [] })) },
    metadata: { nextUpdateMs: atMs + 86_400_000, stale: false, models: [AAGUID] },
    journal: { breaks: [], anchors: [{ to: 'syslog', trouble: null }] },
    ...change,
  };
}
