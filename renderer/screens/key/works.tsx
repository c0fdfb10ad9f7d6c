import { SuccessScene } from '../../parts/drawings/success-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import type { ScreenView } from '../view.ts';

/** The key passed its test; only what was checked is claimed. */
export const worksView: ScreenView<'works'> = (screen, { words, snapshot }) => {
  const { t, time } = words;
  const both = screen.keysDone > 1;
  const title = t(both ? 'works.titleBoth' : 'works.title');
  return {
    ground: 'paper',
    title,
    sunrise: true,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} size="works" lead={t(both ? 'works.leadBoth' : 'works.lead')}>
            <StatusRows live={false}>
              <StatusRow mark="done" line={t('works.saved')} small={t('works.savedAt', { time: time(screen.savedAtMs) })} />
              {screen.pinSetHere ? <StatusRow mark="done" line={t('works.pinSet')} small={t('works.pinSet.small')} /> : null}
            </StatusRows>
          </Say>
        }
        show={<SuccessScene name={t('works.drawing')} />}
      />
    ),
    second: { label: t('works.addSecond'), press: { type: 'key.addSecond' }, icon: 'plus' },
    primary: screen.phoneNext
      ? { label: t('works.nextPhone'), press: { type: 'phone.next' }, iconAfter: 'next' }
      : { label: t('works.next'), press: { type: 'continue' }, iconAfter: 'next' },
  };
};
