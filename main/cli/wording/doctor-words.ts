// What the doctor's findings are called: the very sentences of the screens, in English, with what shows that it is so.
import {
  adminAddress,
  codeOf,
  factsOf,
  healerOf,
  placeOf,
  stateOf,
  type DoctorReport,
  type Finding,
  type ShownFact,
} from '../../../contract/doctor.ts';
import { settingOf, type AdminSetting } from '../../../contract/doctor-cure.ts';
import { plainSentence } from './reason-words.ts';
import { reasonText } from './render-text.ts';

export interface FindingWords {
  readonly what: string;
  /** What it means for a person at the desk; null where `what` says it already, and for what is good. */
  readonly means: string | null;
  readonly cure: string | null;
  readonly setting: AdminSetting | null;
  readonly facts: readonly string[];
  /** Whom it hits. */
  readonly hits: readonly string[];
  readonly who: string;
  readonly link: string | null;
}

export const stateWords = (state: ReturnType<typeof stateOf>): string => plainSentence(`doctor.state.${state}`);

export function findingWords(finding: Finding, { cloud }: Pick<DoctorReport, 'cloud'>): FindingWords {
  const code = codeOf(finding);
  const place = placeOf(finding);
  const isGood = stateOf(finding) === 'good';
  return {
    ...(finding.kind === 'foretold'
      ? { what: plainSentence(`foretold.${code}.say`), means: null, cure: plainSentence(`foretold.${code}.tech`) }
      : {
          what: plainSentence(`doctor.${code}.what`),
          means: isGood ? null : plainSentence(`doctor.${code}.means`),
          cure: isGood ? null : plainSentence(`doctor.${code}.cure`),
        }),
    setting: settingOf(finding),
    facts: factsOf(finding).map(factText),
    hits: finding.kind === 'foretold' ? finding.who.map((who) => plainSentence(`doctor.who.${who}`)) : [],
    who: plainSentence(`doctor.healer.${healerOf(finding)}`),
    link: place === null ? null : adminAddress(place, cloud),
  };
}

function factText(fact: ShownFact): string {
  switch (fact.fact) {
    case 'text':
      return fact.text;
    case 'part':
      return plainSentence(`doctor.part.${fact.part}`);
    case 'reason':
      return reasonText(fact.reason);
    case 'likely':
      return plainSentence('doctor.certainty.likely');
    case 'seconds':
      return `${fact.count} s`;
    case 'minutes':
      return `${fact.count} min`;
    case 'day':
      return new Date(fact.atMs).toISOString().slice(0, 10);
    default:
      return fact satisfies never;
  }
}
