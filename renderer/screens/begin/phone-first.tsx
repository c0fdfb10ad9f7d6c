import { Halves, Say } from '../../parts/stage.tsx';
import { StepList } from '../../parts/step-list.tsx';
import { rich } from '../../words/rich.tsx';
import type { ScreenView } from '../view.ts';
import { StoreCodes } from './store-codes.tsx';

/** A pass that works once goes to the phone first: there it can turn on phone sign-in, here it could not be typed again. */
export const phoneFirstView: ScreenView<'phoneFirst'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('phoneFirst.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('phoneFirst.title')} lead={<span data-spare="">{t('phoneFirst.lead')}</span>}>
            <StepList
              steps={(['app', 'account', 'pass', 'signIn'] as const).map((id) => ({
                id,
                state: 'ahead',
                words: rich(t(`phoneFirst.step.${id}`)),
              }))}
            />
          </Say>
        }
        show={<StoreCodes words={words} codes={screen.storeCodes} />}
      />
    ),
    quiet: { label: t('phone.skip'), press: { type: 'phone.skip' } },
    primary: { label: t('phoneFirst.ready'), press: { type: 'phone.ready' }, iconAfter: 'next' },
  };
};
