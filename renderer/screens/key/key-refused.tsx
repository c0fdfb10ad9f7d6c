import { MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves } from '../../parts/stage.tsx';
import { ReasonTold, reasonTitle, whyPages } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

/** Another key is the way on; the screen waits for it by itself. */
export const keyRefusedView: ScreenView<'keyRefused'> = (screen, scene) => {
  const { words, snapshot } = scene;
  const { reason, key } = screen;
  return {
    ground: 'paper',
    title: reasonTitle(words, reason),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={<ReasonTold scene={scene} reason={reason} model={key?.model ?? null} />}
        show={<MovingKeyScene name={words.t('keyScene.takeOut')} plug={key?.plug ?? 'unknown'} towards="person" refused />}
      />
    ),
    quiet: { label: words.t('trouble.tryAgain'), press: { type: 'tryAgain' } },
    ...whyPages(scene),
    aside: <Waiting words={words.t('keyRefused.waiting')} />,
  };
};
