// What the planner foretells to people who usually come: the doctor's heart. The same planner as at the desk, asked before
// anybody stands there.
import { foretold, type Foretold } from '../../contract/foretold.ts';
import type { Device, PassUse } from '../../contract/intent.ts';
import { newcomers, type Finding, type Newcomer } from '../../contract/doctor.ts';
import type { PersonStanding } from '../ports/tenant.ts';
import { deskFactsOf } from '../session/planner/desk-facts.ts';
import { planJourney } from '../session/planner/planner.ts';
import type { KeyInHand, PlannerInput } from '../session/planner/planner-input.ts';
import type { DeskEvidence } from './evidence.ts';

interface Visitor {
  readonly devices: readonly Device[];
  readonly passUse: PassUse;
}

const visitors: Readonly<Record<Newcomer, Visitor>> = {
  onceKey: { devices: ['windows'], passUse: 'once' },
  oncePhone: { devices: ['windows', 'iphone'], passUse: 'once' },
  severalPhone: { devices: ['windows', 'iphone'], passUse: 'several' },
  person: { devices: ['windows', 'iphone'], passUse: 'once' },
};

/** Findings of all of them, each once with everybody whom it hits. Empty where no rules are known. */
export function foretoldFindings(evidence: DeskEvidence): readonly Finding[] {
  const met = coming(evidence).flatMap((who) => plansOf(evidence, who).map((one) => ({ one, who })));
  const findings: { foretold: Foretold; who: Newcomer[] }[] = [];
  for (const { one, who } of met) {
    const same = findings.find((each) => isSame(each.foretold, one));
    if (same === undefined) findings.push({ foretold: one, who: [who] });
    else if (!same.who.includes(who)) same.who.push(who);
  }
  return findings.map((each) => ({ kind: 'foretold', ...each }));
}

/** Models of the stock: what the settings allow, and what is plugged in. */
export function stockOf({ settings, keys }: DeskEvidence): readonly string[] {
  const plugged = keys.seen === 'keys' ? keys.keys.flatMap(({ aaguid }) => aaguid ?? []) : [];
  return [...new Set([...settings.allowedKeyModels, ...plugged])];
}

/** A tenant that takes one-time passes only gives no others, and a desk that sets up no phone meets nobody with one. */
function coming({ rules, person, settings }: DeskEvidence): readonly Newcomer[] {
  const pass = rules?.ok ? rules.value.methods.pass : null;
  const onceOnly = pass?.known === true && pass.value.onceOnly;
  return newcomers.filter((who) => {
    if (who === 'person') return person?.standing.ok === true;
    if (who === 'onceKey') return true;
    return settings.wantedPhone && (who !== 'severalPhone' || !onceOnly);
  });
}

function plansOf(evidence: DeskEvidence, who: Newcomer): readonly Foretold[] {
  const standing = evidence.person?.standing.ok === true && who === 'person' ? evidence.person.standing.value : null;
  const plain = planOf(evidence, who, standing, null);
  const withKeys = stockOf(evidence).flatMap((aaguid) =>
    planOf(evidence, who, standing, { aaguid, attested: attestedOf(evidence, aaguid), holdsOtherPeople: false }),
  );
  return [...plain, ...withKeys];
}

function planOf(
  { rules, place, settings, atMs }: DeskEvidence,
  who: Newcomer,
  person: PersonStanding | null,
  key: KeyInHand | null,
): readonly Foretold[] {
  if (rules?.ok !== true) return [];
  const input: PlannerInput = {
    ...visitors[who],
    pass: null,
    rules: rules.value,
    person,
    place: place?.ok === true ? place.value : null,
    key,
    desk: deskFactsOf(settings),
    underWay: null,
    nowMs: atMs,
  };
  const plan = planJourney(input);
  // The order that would serve a phone, and what refuses it: not among the foretellings of the order that was chosen instead.
  const lost = plan.refused.filter(({ order }) => order === 'phoneThenKey').map(({ because: code }) => code);
  const withoutPhone = lost.map((code): Foretold => ({ code, weight: 'warns', certainty: 'sure' }));
  return [
    ...plan.foretold.filter(isOfInterest),
    ...withoutPhone.filter(({ code }) => !plan.foretold.some((one) => one.code === code)),
  ];
}

/** What every journey tells its person is no finding about tenant or desk. */
function isOfInterest({ code }: Foretold): boolean {
  return foretold[code].step !== 'after' && code !== 'pass.spentBySignIn';
}

/** A model that the metadata does not know can't prove itself; of one that it knows, the key will show. */
function attestedOf({ metadata }: DeskEvidence, aaguid: string): boolean | null {
  if (metadata === null || metadata === 'notUsed') return null;
  return metadata.models.includes(aaguid) ? null : false;
}

function isSame(a: Foretold, b: Foretold): boolean {
  return a.code === b.code && a.evidence?.policyName === b.evidence?.policyName && a.evidence?.aaguid === b.evidence?.aaguid;
}
