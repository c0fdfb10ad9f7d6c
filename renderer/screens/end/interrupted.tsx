import type { Finding } from '../../../contract/snapshot.ts';
import { KeyWithMark } from '../../parts/drawings/small-drawings.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import type { Words } from '../../words/words.ts';
import { ContactLine } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

/** After a power cut, or after somebody left in the middle of a key: what may be half done, before anybody else starts. */
export const interruptedView: ScreenView<'interrupted'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const wasCutOff = screen.findings.some(({ code }) => code === 'stayCutOff');
  const title = t(wasCutOff ? 'interrupted.title' : 'interrupted.left.title');
  return {
    ground: 'paper',
    title,
    bare: true,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t(wasCutOff ? 'interrupted.lead' : 'interrupted.left.lead')}>
            <StatusRows live={false}>
              {screen.findings.map((finding) => (
                <FindingRow key={`${finding.code} ${finding.atMs}`} finding={finding} words={words} />
              ))}
            </StatusRows>
            <ContactLine words={words} contact={snapshot.contact} />
          </Say>
        }
        show={<KeyWithMark name={t('interrupted.drawing')} kind="attention" />}
      />
    ),
    primary: { label: t('interrupted.next'), press: { type: 'continue' }, iconAfter: 'next' },
  };
};

function FindingRow({ finding, words }: { readonly finding: Finding; readonly words: Words }) {
  const at = words.t('finding.at', { time: words.time(finding.atMs) });
  return (
    <StatusRow
      mark={finding.code === 'stayCutOff' ? 'info' : 'attention'}
      line={words.t(`finding.${finding.code}`)}
      small={
        <>
          {finding.model === null ? null : (
            <>
              <bdi dir="ltr">{finding.model}</bdi> ·{' '}
            </>
          )}
          {at}
        </>
      }
    />
  );
}
