import type { CareScreenOf } from '../../../contract/care.ts';
import { Banner } from '../../parts/banner.tsx';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { PinStage } from '../../screens/key/pin-stage.tsx';
import type { Words } from '../../words/words.ts';
import type { CareScreenView } from '../care-view.ts';
import { saidAndShown } from '../parts/said-and-shown.tsx';

/** The kiosk's own way of typing a PIN: the desk takes the presses, the page draws dots from a count. */
export const carePinView: CareScreenView<'pin'> = (screen, scene) => {
  const { words, shows } = scene;
  const { t } = words;
  const title = headline(screen, words);
  const ready = screen.ready && shows('pin.submit');
  return {
    ground: 'paper',
    title,
    stage: <PinStage title={title} lead={<bdi>{screen.key.model}</bdi>} screen={screen} scene={scene} />,
    primary: {
      label: t('pin.next'),
      press: { type: 'pin.submit' },
      iconAfter: 'next',
      ...(ready ? {} : { notYet: t('pin.notYet', { min: screen.minLength }) }),
    },
  };
};

function headline({ ask, notice }: CareScreenOf<'pin'>, { t }: Words): string {
  if (notice?.code === 'key.pinWrong') return t('care.pin.wrong.title');
  switch (ask) {
    case 'choose':
      return t('care.pin.choose.title');
    case 'again':
      return t('pin.again.title');
    case 'enter':
      return t('care.pin.enter.title');
    case 'old':
      return t('care.pin.old.title');
    default:
      return ask satisfies never;
  }
}

export const lastTryView: CareScreenView<'lastTry'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const title = t('pinLastTry.title');
  return {
    ...saidAndShown(snapshot, {
      ground: 'paper',
      title,
      lead: t('care.lastTry.lead'),
      under: <Banner tone="stop">{t('care.lastTry.lost')}</Banner>,
      show: <KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />,
    }),
    quiet: { label: t('pinLastTry.try'), press: { type: 'pin.lastTry' } },
    primary: { label: t('care.keep'), press: { type: 'back' } },
  };
};
