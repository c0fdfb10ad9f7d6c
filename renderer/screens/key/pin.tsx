import type { ScreenOf } from '../../../contract/snapshot.ts';
import type { Words } from '../../words/words.ts';
import type { ScreenView } from '../view.ts';
import { PinStage } from './pin-stage.tsx';

/** One layout for choosing, repeating and entering, so that nothing moves between tries. */
export const pinView: ScreenView<'pin'> = (screen, scene) => {
  const { words, shows } = scene;
  const { t } = words;
  const { title, lead } = headline(screen, words);
  const ready = screen.ready && shows('pin.submit');
  return {
    ground: 'paper',
    title,
    stage: <PinStage title={title} lead={lead} screen={screen} scene={scene} />,
    quiet: { label: t('pin.forgot'), press: { type: 'forgotPin.open' } },
    primary: {
      label: t('pin.next'),
      press: { type: 'pin.submit' },
      iconAfter: 'next',
      ...(ready ? {} : { notYet: t('pin.notYet', { min: screen.minLength }) }),
    },
  };
};

function headline(screen: ScreenOf<'pin'>, { t }: Words): { readonly title: string; readonly lead: string | null } {
  if (screen.notice?.code === 'key.pinWrong') return { title: t('pin.wrong.title'), lead: t('pin.wrong.lead') };
  switch (screen.ask) {
    case 'choose':
      return { title: t('pin.choose.title'), lead: null };
    case 'again':
      return { title: t('pin.again.title'), lead: t('pin.again.lead') };
    case 'enter':
      return { title: t('pin.enter.title'), lead: t('pin.enter.lead') };
    case 'old':
      return { title: t('pin.old.title'), lead: t('pin.old.lead') };
    default: {
      const never: never = screen.ask;
      return never;
    }
  }
}
