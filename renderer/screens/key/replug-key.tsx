import { MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { WhyBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

export const replugKeyView: ScreenView<'replugKey'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const out = screen.step === 'takeOut';
  const title = t(out ? 'replugKey.takeOut.title' : 'replugKey.plugIn.title');
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t(out ? 'replugKey.takeOut.lead' : 'replugKey.plugIn.lead')}>
            <WhyBanner words={words} reason={screen.reason} />
          </Say>
        }
        show={
          <MovingKeyScene
            name={t(out ? 'keyScene.takeOut' : 'insertKey.drawing')}
            plug="unknown"
            towards={out ? 'person' : 'port'}
            refused={false}
          />
        }
      />
    ),
  };
};
