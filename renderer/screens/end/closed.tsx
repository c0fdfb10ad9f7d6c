import { DesksScene } from '../../parts/drawings/desks-scene.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { TechnicianLine } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';
import styles from './closed.module.css';

/** Calm and final: where to go instead, who to call, and a line for whoever comes. */
export const closedView: ScreenView<'closed'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('closed.title'),
    bare: true,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('closed.title')} lead={t('closed.lead')}>
            <p className={styles['call']}>
              <Icon name="call" size={1} />
              <bdi dir="ltr">{screen.contact}</bdi>
            </p>
            <TechnicianLine words={words} reason={screen.reason} model={null} />
          </Say>
        }
        show={<DesksScene name={t('closed.drawing')} />}
      />
    ),
  };
};
