import { Halves, Say } from '../../parts/stage.tsx';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Banner } from '../../parts/banner.tsx';
import { ContactLine } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

/** Before the try that could lock the key, the person is asked once more; the safe answer is the primary one. */
export const pinLastTryView: ScreenView<'pinLastTry'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('pinLastTry.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('pinLastTry.title')} lead={t('pinLastTry.lead')}>
            <Banner tone="stop">{t('pinLastTry.warning')}</Banner>
            <ContactLine words={words} contact={snapshot.contact} />
          </Say>
        }
        show={<KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />}
      />
    ),
    quiet: { label: t('pinLastTry.try'), press: { type: 'pin.lastTry' } },
    primary: { label: t('pinLastTry.forgot'), press: { type: 'forgotPin.open' } },
  };
};
