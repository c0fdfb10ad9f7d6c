import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

export const checkingKeyView: ScreenView<'checkingKey'> = (_screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('checkingKey.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('checkingKey.title')} lead={t('checkingKey.lead')}>
            <Waiting words={t('checkingKey.waiting')} />
          </Say>
        }
        show={<KeyScene name={t('keyScene.inPort')} plug="unknown" state="resting" />}
      />
    ),
  };
};
