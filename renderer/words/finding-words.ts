// What the doctor's findings are called, for the screen and for the page on paper.
import {
  adminAddress,
  factsOf,
  healerOf,
  placeOf,
  sickCode,
  stateOf,
  type DoctorReport,
  type Finding,
  type ShownFact,
} from '../../contract/doctor.ts';
import { settingOf, type AdminSetting } from '../../contract/doctor-cure.ts';
import type { Words } from './words.ts';

export interface FindingWords {
  /** Of a foretelling, what a person would be told. */
  readonly what: string;
  /** What it means for a person at the desk; null where `what` says it already, and for what is good. */
  readonly means: string | null;
  /** Null for what is good. */
  readonly cure: string | null;
  readonly setting: AdminSetting | null;
  /** Some are names of the tenant's own: they may be in any writing, and mean anything. */
  readonly facts: readonly string[];
  /** Whom it hits. */
  readonly hits: readonly string[];
  readonly state: string;
  /** Who can cure it. */
  readonly healer: string;
  readonly link: string | null;
}

export function findingWords(finding: Finding, { cloud }: Pick<DoctorReport, 'cloud'>, words: Words): FindingWords {
  const { t } = words;
  const place = placeOf(finding);
  return {
    ...toldOf(finding, words),
    setting: settingOf(finding),
    facts: factsOf(finding).map((fact) => factWords(fact, words)),
    hits: finding.kind === 'foretold' ? finding.who.map((who) => t(`doctor.who.${who}`)) : [],
    state: t(`doctor.state.${stateOf(finding)}`),
    healer: t(`doctor.healer.${healerOf(finding)}`),
    link: place === null ? null : adminAddress(place, cloud),
  };
}

function toldOf(finding: Finding, { t }: Words): Pick<FindingWords, 'what' | 'means' | 'cure'> {
  if (finding.kind === 'foretold') {
    const { code } = finding.foretold;
    return { what: t(`foretold.${code}.say`), means: null, cure: t(`foretold.${code}.tech`) };
  }
  const what = t(`doctor.${finding.code}.what`);
  const sick = sickCode(finding.code);
  return sick === null
    ? { what, means: null, cure: null }
    : { what, means: t(`doctor.${sick}.means`), cure: t(`doctor.${sick}.cure`) };
}

function factWords(fact: ShownFact, words: Words): string {
  const { t, day } = words;
  switch (fact.fact) {
    case 'text':
      return fact.text;
    case 'part':
      return t(`doctor.part.${fact.part}`);
    case 'reason':
      return `${t(`reason.${fact.reason.code}.title`)} (${fact.reason.code})`;
    case 'likely':
      return t('doctor.certainty.likely');
    case 'seconds':
    case 'minutes':
      return t(`doctor.unit.${fact.fact}`, { count: fact.count });
    case 'day':
      return day(fact.atMs);
    default:
      return fact satisfies never;
  }
}
