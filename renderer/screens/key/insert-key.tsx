import { InsertScene } from '../../parts/drawings/insert-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { NoticeBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

/** No primary on purpose: the hand goes on, not a button. */
export const insertKeyView: ScreenView<'insertKey'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const title = t(screen.second ? 'insertKey.titleSecond' : 'insertKey.title');
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t(screen.litPorts ? 'insertKey.leadLit' : 'insertKey.lead')}>
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          </Say>
        }
        show={<InsertScene name={t('insertKey.drawing')} />}
      />
    ),
    quiet: { label: t('insertKey.doesNotFit'), press: { type: 'keyDoesNotFit.open' } },
  };
};
