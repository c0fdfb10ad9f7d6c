import { PassSlip } from '../../parts/drawings/slip-shape.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';
import styles from './end.module.css';

export const finishingView: ScreenView<'finishing'> = (_screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('finishing.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('finishing.title')} lead={t('finishing.lead')}>
            <Waiting words={t('finishing.waiting')} />
          </Say>
        }
        show={
          <div className={styles['drawing']}>
            <PassSlip name={t('finishing.drawing')} />
          </div>
        }
      />
    ),
  };
};
