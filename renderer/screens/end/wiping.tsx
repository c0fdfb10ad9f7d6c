import { DeskScene } from '../../parts/drawings/desks-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

export const wipingView: ScreenView<'wiping'> = (_screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('wiping.title'),
    bare: true,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('wiping.title')} lead={t('wiping.lead')}>
            <Waiting words={t('wiping.waiting')} />
          </Say>
        }
        show={<DeskScene name={t('wiping.drawing')} />}
      />
    ),
  };
};
