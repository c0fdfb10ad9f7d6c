import {
  adminAddress,
  codeOf,
  factsOf,
  findingStates,
  healerOf,
  placeOf,
  sickCode,
  stateOf,
  type DoctorReport,
  type Finding,
  type FindingState,
  type ShownFact,
} from '../../contract/doctor.ts';
import { pagedRows } from '../care/paged-rows.tsx';
import { Board, BoardTitle, Card, Code, Facts, Row, Rows, type FactShown } from '../care/parts/table.tsx';
import { classNamer } from '../look/class-names.ts';
import { BigButton } from '../parts/big-button.tsx';
import { Mark, type MarkKind } from '../parts/mark.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { reasonTitle } from '../screens/reason-words.tsx';
import type { Words } from '../words/words.ts';
import type { DoctorScene, DoctorView } from './doctor-view.ts';
import styles from './findings.module.css';

const c = classNamer(styles);

const marks: Readonly<Record<FindingState, MarkKind>> = { stop: 'stop', attention: 'attention', unknown: 'open', good: 'done' };

/** Page `detailPages * (n + 1) + i` is the finding `i`, come to from page `n` of the list. */
const detailPages = 1000;

export function findingsView(report: DoctorReport, scene: DoctorScene): DoctorView {
  const { words, snapshot, page, turnTo } = scene;
  const { t } = words;
  const detail = page >= detailPages ? report.findings[page % detailPages] : undefined;
  if (detail !== undefined) return findingView(detail, report, scene, Math.floor(page / detailPages) - 1);
  const title = t('doctor.title');
  const { rows, turn } = pagedRows(scene, report.findings);
  const counts = findingStates.map(
    (state) => `${t(`doctor.state.${state}`)}: ${report.findings.filter((one) => stateOf(one) === state).length}`,
  );
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Board textSize={snapshot.look.textSize} head={<BoardTitle title={title} line={counts.join(' · ')} />} beside={null}>
        <Card title={null}>
          <Rows name={title}>
            {rows.map((finding) => {
              const index = report.findings.indexOf(finding);
              return (
                <Row
                  key={index}
                  name={
                    <span className={c('named')}>
                      <Mark kind={marks[stateOf(finding)]} size={3.6} />
                      <span id={`finding-${index}`}>{whatOf(finding, words)}</span>
                    </span>
                  }
                  small={<span className={c('under')}>{smallLine(finding, words)}</span>}
                  action={
                    <BigButton
                      kind="tool"
                      label={t('doctor.details')}
                      describedBy={`finding-${index}`}
                      onPress={() => turnTo(detailPages * (page + 1) + index)}
                    />
                  }
                />
              );
            })}
          </Rows>
        </Card>
      </Board>
    ),
    primary: { label: t('doctor.lookAgain'), press: { type: 'lookAgain' }, icon: 'startAgain' },
  };
}

function findingView(finding: Finding, { cloud }: DoctorReport, scene: DoctorScene, listPage: number): DoctorView {
  const { words, snapshot, turnTo } = scene;
  const { t } = words;
  const title = whatOf(finding, words);
  const place = placeOf(finding);
  const link = place === null ? null : adminAddress(place, cloud);
  return {
    ground: 'paper',
    title,
    stage: (
      <Board
        textSize={snapshot.look.textSize}
        head={<BoardTitle title={title} line={smallLine(finding, words)} />}
        beside={
          link === null || snapshot.look.textSize > 1 ? null : (
            <Card title={t('doctor.link')}>
              <div className={c('qr')}>
                <QrCode text={link} name={t('doctor.qr')} />
              </div>
            </Card>
          )
        }
      >
        <Card title={null}>
          <Facts facts={rowsOf(finding, link, words)} />
        </Card>
      </Board>
    ),
    back: () => turnTo(listPage),
  };
}

/** Names of the tenant's may read the other way: each keeps to itself. */
function Listed({ all }: { readonly all: readonly string[] }) {
  return all.map((each, index) => (
    <span key={each}>
      {index === 0 ? '' : ' · '}
      <bdi>{each}</bdi>
    </span>
  ));
}

/** Of a foretelling, what it means is what a person would be told. */
function whatOf(finding: Finding, { t }: Words): string {
  return finding.kind === 'check' ? t(`doctor.${finding.code}.what`) : t(`foretold.${finding.foretold.code}.say`);
}

function smallLine(finding: Finding, { t }: Words): string {
  const state = stateOf(finding);
  return state === 'good' ? t('doctor.state.good') : `${t(`doctor.state.${state}`)} · ${t(`doctor.healer.${healerOf(finding)}`)}`;
}

function rowsOf(finding: Finding, link: string | null, words: Words): readonly FactShown[] {
  const { t } = words;
  const facts = factsOf(finding).map((fact) => factWords(fact, words));
  const hits = finding.kind === 'foretold' ? finding.who.map((who) => t(`doctor.who.${who}`)) : [];
  return [
    ...(facts.length === 0 ? [] : [{ name: t('doctor.evidence'), value: <Listed all={facts} /> }]),
    ...(hits.length === 0 ? [] : [{ name: t('doctor.hits'), value: hits.join(' · ') }]),
    ...curesOf(finding, words),
    ...(link === null ? [] : [{ name: t('doctor.link'), value: <Code>{link}</Code> }]),
    { name: t('doctor.code'), value: <Code>{codeOf(finding)}</Code> },
  ];
}

function curesOf(finding: Finding, { t }: Words): readonly FactShown[] {
  if (finding.kind === 'foretold') return [{ name: t('doctor.cure'), value: t(`foretold.${finding.foretold.code}.tech`) }];
  const sick = sickCode(finding.code);
  return sick === null
    ? []
    : [
        { name: t('doctor.means'), value: t(`doctor.${sick}.means`) },
        { name: t('doctor.cure'), value: t(`doctor.${sick}.cure`) },
      ];
}

function factWords(fact: ShownFact, words: Words): string {
  const { t, day } = words;
  switch (fact.fact) {
    case 'text':
      return fact.text;
    case 'part':
      return t(`doctor.part.${fact.part}`);
    case 'reason':
      return `${reasonTitle(words, fact.reason)} (${fact.reason.code})`;
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
