import { Halves, Say } from '../../parts/stage.tsx';
import { StepList } from '../../parts/step-list.tsx';
import { rich } from '../../words/rich.tsx';
import { StoreCodes } from '../begin/store-codes.tsx';
import type { ScreenView } from '../view.ts';

export const phoneAppView: ScreenView<'phoneApp'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('phoneApp.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('phoneApp.title')}>
            <StepList
              steps={(['camera', 'install', 'back'] as const).map((id) => ({
                id,
                state: 'ahead',
                words: rich(t(`phoneApp.step.${id}`)),
              }))}
            />
          </Say>
        }
        show={<StoreCodes words={words} codes={screen.storeCodes} />}
      />
    ),
    quiet: { label: t('phone.skip'), press: { type: 'phone.skip' } },
    primary: { label: t('phoneApp.have'), press: { type: 'phone.haveApp' }, iconAfter: 'next' },
  };
};
