import { codeOf, findingStates, stateOf, type DoctorReport, type Finding, type FindingState } from '../../contract/doctor.ts';
import { pagedRows } from '../screens/paged-rows.ts';
import { Board, BoardTitle, Card, Code, Facts, Row, Rows, type FactShown } from '../care/parts/table.tsx';
import { classNamer } from '../look/class-names.ts';
import { BigButton } from '../parts/big-button.tsx';
import { Mark, type MarkKind } from '../parts/mark.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { findingWords, type FindingWords } from '../words/finding-words.ts';
import type { PlainMessageId, Words } from '../words/words.ts';
import type { DoctorScene, DoctorView } from './doctor-view.ts';
import styles from './findings.module.css';
import { PrintRow } from './print-row.tsx';

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
  const { rows, turn } = pagedRows(scene, ['page', ...report.findings] as const);
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
              if (finding === 'page') return <PrintRow key="page" scene={scene} />;
              const index = report.findings.indexOf(finding);
              const told = findingWords(finding, report, words);
              return (
                <Row
                  key={index}
                  name={
                    <span className={c('named')}>
                      <Mark kind={marks[stateOf(finding)]} size={3.6} />
                      <span id={`finding-${index}`}>{told.what}</span>
                    </span>
                  }
                  small={<span className={c('under')}>{smallLine(finding, told)}</span>}
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

function findingView(finding: Finding, report: DoctorReport, scene: DoctorScene, listPage: number): DoctorView {
  const { words, snapshot, turnTo } = scene;
  const { t } = words;
  const told = findingWords(finding, report, words);
  const { what: title, link } = told;
  return {
    ground: 'paper',
    title,
    stage: (
      <Board
        textSize={snapshot.look.textSize}
        head={<BoardTitle title={title} line={smallLine(finding, told)} />}
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
          <Facts facts={rowsOf(finding, told, words)} />
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

function smallLine(finding: Finding, { state, healer }: FindingWords): string {
  return stateOf(finding) === 'good' ? state : `${state} · ${healer}`;
}

function rowsOf(finding: Finding, told: FindingWords, { t }: Words): readonly FactShown[] {
  const { facts, hits, means, cure, setting, link } = told;
  const row = (name: PlainMessageId, value: FactShown['value'] | null): readonly FactShown[] =>
    value === null ? [] : [{ name: t(name), value }];
  return [
    ...row('doctor.evidence', facts.length === 0 ? null : <Listed all={facts} />),
    ...row('doctor.hits', hits.length === 0 ? null : hits.join(' · ')),
    ...row('doctor.means', means),
    ...row('doctor.cure', cure),
    ...row('doctor.setting', setting && <SettingPath path={setting.path} />),
    ...row('doctor.value', setting === null || setting.value === null ? null : <Code>{setting.value}</Code>),
    ...row('doctor.link', link && <Code>{link}</Code>),
    ...row('doctor.code', <Code>{codeOf(finding)}</Code>),
  ];
}

/** Microsoft's labels and the tenant's names, from the menu down. */
function SettingPath({ path }: { readonly path: readonly string[] }) {
  return (
    <span dir="ltr">
      {path.map((step, index) => (
        <span key={index}>
          {index === 0 ? '' : ' › '}
          <bdi>{step}</bdi>
        </span>
      ))}
    </span>
  );
}
