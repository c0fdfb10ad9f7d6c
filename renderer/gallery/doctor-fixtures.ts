// What the doctor's page would show, written down: a desk that is ill in every way, one that is well, and the look itself.
import { checkCodes, findingStates, stateOf, type DoctorReport, type Finding } from '../../contract/doctor.ts';
import type { DoctorIntentType, DoctorSnapshot } from '../../contract/doctor-page.ts';
import { foretoldCodes } from '../../contract/foretold.ts';

/** A snapshot without what the viewer of the gallery chooses. */
export interface DoctorFixture {
  readonly name: string;
  readonly doctor: Omit<DoctorSnapshot, 'look' | 'visit'>;
}

const atMs = Date.parse('2026-11-23T09:00:00Z');
const evidence = {
  names: ['Security info registration', 'UserAuthenticationMethod.Read.All'],
  address: '203.0.113.17',
  country: 'SE',
  reason: { code: 'directory.forbidden' },
  atMs,
} as const;

const every: readonly Finding[] = [
  ...checkCodes.map((code): Finding => ({ kind: 'check', code, evidence })),
  ...foretoldCodes.map((code): Finding => ({
    kind: 'foretold',
    foretold: {
      code,
      weight: 'blocks',
      certainty: 'likely',
      evidence: { policyName: 'Security info registration', address: '203.0.113.17' },
    },
    who: ['onceKey', 'oncePhone', 'severalPhone'],
  })),
].toSorted((a, b) => findingStates.indexOf(stateOf(a)) - findingStates.indexOf(stateOf(b)));

const well: readonly Finding[] = every.filter((one) => stateOf(one) === 'good').slice(0, 5);

const contact = 'Service desk, room 0.12, phone 4455';
const report = (findings: readonly Finding[]): DoctorReport => ({
  world: 'field',
  cloud: 'global',
  tenant: { id: '7f1c2b1e-52a4-4d39-9c3a-3d1f0a9be6c4', name: 'Contoso' },
  desk: { machine: 'DESK-07', contact },
  atMs,
  findings,
});
const onList: readonly DoctorIntentType[] = ['help.open', 'language.open', 'display.open', 'lookAgain', 'print'];
const busy = onList.slice(0, 3);
const base = { world: 'field', panel: null, printing: 'offered', allowed: onList, contact } as const;
const listed = (findings: readonly Finding[]) => ({ kind: 'findings', report: report(findings) }) as const;

export function allDoctorFixtures(): readonly DoctorFixture[] {
  return [
    { name: 'doctor-looking', doctor: { ...base, screen: { kind: 'looking' }, allowed: busy } },
    { name: 'doctor-well', doctor: { ...base, world: 'training', screen: listed(well) } },
    { name: 'doctor-ill', doctor: { ...base, screen: listed(every) } },
    { name: 'doctor-printing', doctor: { ...base, printing: 'busy', allowed: busy, screen: listed(every) } },
    { name: 'doctor-printed', doctor: { ...base, printing: 'printed', screen: listed(every) } },
    { name: 'doctor-cancelled', doctor: { ...base, printing: 'cancelled', screen: listed(every) } },
    { name: 'doctor-no-printer', doctor: { ...base, printing: 'noPrinter', screen: listed(every) } },
    { name: 'doctor-refused', doctor: { ...base, printing: 'refused', screen: listed(every) } },
    { name: 'doctor-help', doctor: { ...base, panel: 'help', allowed: ['panel.close'], screen: listed(every) } },
  ];
}
