import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

export const savingPinView: ScreenView<'savingPin'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('savingPin.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('savingPin.title')} lead={t('savingPin.lead')}>
            <Waiting words={t('savingPin.waiting')} />
          </Say>
        }
        show={<KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />}
      />
    ),
  };
};
