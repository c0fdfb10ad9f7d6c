import { PlaceWithMark } from '../../parts/drawings/place-with-mark.tsx';
import { Halves } from '../../parts/stage.tsx';
import { ReasonTold, reasonTitle, whyPages } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

/** The desk is not where it should be: no pass is asked for, and the one in the hand stays as good as it was. */
export const gateView: ScreenView<'gate'> = (screen, scene) => {
  const { words, snapshot } = scene;
  const { t } = words;
  return {
    ground: 'paper',
    title: reasonTitle(words, screen.reason),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={<ReasonTold scene={scene} reason={screen.reason} model={null} />}
        show={<PlaceWithMark name={t('gate.drawing')} kind="stop" />}
      />
    ),
    ...whyPages(scene),
    primary: {
      label: t('foretold.lookAgain'),
      press: { type: 'tryAgain' },
      icon: 'startAgain',
      ...(screen.state === 'looking' ? { busy: t('foretold.looking') } : {}),
    },
  };
};
