import { MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { Banner } from '../../parts/banner.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

/** Said before one more account is made on a key that others have theirs on; a key that a team shares is allowed. */
export const sharedKeyView: ScreenView<'sharedKey'> = ({ key, others }, { words, snapshot }) => {
  const { t } = words;
  const title = t('sharedKey.title');
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t('sharedKey.lead', { others })}>
            <Banner tone="attention">{t('sharedKey.say')}</Banner>
          </Say>
        }
        show={<MovingKeyScene name={t('keyScene.takeOut')} plug={key.plug} towards="person" refused={false} />}
      />
    ),
    second: { label: t('sharedKey.use'), press: { type: 'continue' } },
    aside: <Waiting words={t('keyRefused.waiting')} />,
  };
};
