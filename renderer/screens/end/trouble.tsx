import type { ReactNode } from 'react';
import { reasons } from '../../../contract/reason.ts';
import type { StopId } from '../../../contract/snapshot.ts';
import { KeyWithMark, PhoneWithMark, SlipWithMark } from '../../parts/drawings/small-drawings.tsx';
import { Halves } from '../../parts/stage.tsx';
import type { Words } from '../../words/words.ts';
import { ReasonTold, reasonTitle, whyPages } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

/** Something did not go: what to do now, why, who can help, and the code for them. */
export const troubleView: ScreenView<'trouble'> = (screen, scene) => {
  const { words, snapshot, shows } = scene;
  const { reason } = screen;
  const { t } = words;
  const title = reasonTitle(words, reason);
  const { retry } = reasons[reason.code];
  const tryAgain = { label: t('trouble.tryAgain'), press: { type: 'tryAgain' }, icon: 'startAgain' } as const;
  const goOn = { label: t('trouble.goOn'), press: { type: 'continue' } } as const;
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={<ReasonTold scene={scene} reason={reason} model={null} />}
        show={drawingFor(screen.during, words, retry === 'never' ? 'stop' : 'attention')}
      />
    ),
    quiet: shows('continue') && shows('tryAgain') ? goOn : { label: t('phone.skip'), press: { type: 'phone.skip' } },
    ...whyPages(scene),
    primary: shows('continue') && !shows('tryAgain') ? goOn : tryAgain,
  };
};

function drawingFor(during: StopId, { t }: Words, kind: 'stop' | 'attention'): ReactNode {
  if (during === 'phone') return <PhoneWithMark name={t('trouble.drawing.phone')} kind={kind} />;
  if (during === 'key' || during === 'prove') return <KeyWithMark name={t('trouble.drawing.key')} kind={kind} />;
  return <SlipWithMark name={t('trouble.drawing.pass')} kind={kind} />;
}
