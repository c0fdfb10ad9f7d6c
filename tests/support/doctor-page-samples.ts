// Reports as the doctor's page for the policy owner gets them: of a tenant with much to change, and of names chosen to harm.
import type { DoctorReport } from '../../contract/doctor.ts';
import { because } from '../../contract/reason.ts';
import { examine } from '../../main/doctor/examine.ts';
import { neededRights } from '../../main/doctor/tenant-checks.ts';
import { evidenceOf } from './doctor-samples.ts';
import { accessPolicy, elsewhere, office, tenantRules } from './tenant-samples.ts';

const hardKey = '90a3ccdf-635c-4729-a248-9b709135078f';

/** A tenant where people are stopped, and a station that may not see everything. @param names of a policy and a location */
export function illReport(names: { readonly policy?: string; readonly place?: string } = {}): DoctorReport {
  const { policy = 'Security info registration', place = 'Head office' } = names;
  const { settings, atMs, keys } = evidenceOf();
  const rules = tenantRules({
    pass: { onceOnly: true },
    passkeys: {
      selfServiceAllowed: false,
      profiles: [
        {
          name: null,
          deviceBoundAllowed: true,
          attestationEnforced: false,
          keyRestrictions: { isEnforced: true, enforcementType: 'block', aaGuids: [hardKey] },
          targets: { include: ['all_users'], exclude: [] },
        },
      ],
    },
    accessPolicies: [
      accessPolicy({
        displayName: policy,
        grant: { operator: 'OR', builtInControls: [], strengthId: '00000000-0000-0000-0000-000000000003' },
      }),
      accessPolicy({
        id: 'place',
        displayName: 'Only from our buildings',
        locations: { include: ['All'], exclude: ['office'] },
        grant: { operator: 'OR', builtInControls: ['block'], strengthId: null },
      }),
    ],
    locations: [{ ...office, displayName: place }],
  });
  return examine(
    evidenceOf({
      settings: {
        ...settings,
        contact: 'Service desk, room 0.12, phone 4455',
        allowedKeyModels: [...settings.allowedKeyModels, hardKey],
      },
      rules: {
        ok: true,
        value: {
          ...rules,
          tenantName: 'Contoso',
          premium: { known: false, why: because('directory.forbidden', { status: 403 }) },
        },
      },
      rights: { ok: true, value: { permissions: neededRights.filter((right) => !right.startsWith('License')), roles: [] } },
      station: { ok: true, value: { endsAtMs: atMs + 12 * 86_400_000 } },
      place: { ok: true, value: elsewhere },
      person: null,
      hosts: [
        { host: 'login.microsoftonline.com', reason: null },
        { host: 'graph.microsoft.com', reason: null },
        { host: 'mysignins.microsoft.com', reason: because('network.captivePortal') },
      ],
      keys,
    }),
  );
}
