import type { CareScreenOf } from '../../../contract/care.ts';
import { CountdownRing } from '../../parts/countdown-ring.tsx';
import { KeyScene, MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Waiting } from '../../screens/waiting.tsx';
import type { CareScene, CareScreenView } from '../care-view.ts';
import { saidAndShown } from '../parts/said-and-shown.tsx';

/** Out, or in: the hand goes on, not a button. */
export const handView: CareScreenView<'hand'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const out = screen.step === 'takeOut';
  const step = screen.why === 'erase' ? (out ? 'eraseOut' : 'eraseIn') : screen.why;
  const title = t(`care.hand.${step}.title`);
  const lead =
    step === 'eraseIn'
      ? t(screen.longTouch ? 'care.hand.eraseIn.leadLong' : 'care.hand.eraseIn.lead', { seconds: screen.windowSeconds })
      : t(`care.hand.${step}.lead`);
  return saidAndShown(snapshot, {
    ground: 'paper',
    title,
    lead,
    under: (
      <p>
        <bdi>{screen.key.model}</bdi>
      </p>
    ),
    show: (
      <MovingKeyScene
        name={t(out ? 'keyScene.takeOut' : 'insertKey.drawing')}
        plug={screen.key.plug}
        towards={out ? 'person' : 'port'}
        refused={screen.why === 'otherKey'}
      />
    ),
  });
};

export const erasingView: CareScreenView<'erasing'> = (screen, scene) => {
  const { t } = scene.words;
  const state = screen.state === 'waiting' && screen.longTouch ? 'holding' : screen.state;
  const title = t(`care.erasing.${state}.title`);
  // While the touch itself is counted in seconds, no others stand beside it: the key has taken the request by then.
  const timeLeft = state === 'holding' ? null : <TimeLeft screen={screen} scene={scene} />;
  return saidAndShown(scene.snapshot, {
    ground: screen.state === 'preparing' ? 'paper' : 'deep',
    title,
    lead: t(`care.erasing.${state}.lead`),
    under: state === 'touched' ? <Waiting words={t('care.working.erase')} /> : timeLeft,
    show: (
      <KeyScene
        name={t(screen.state === 'waiting' ? 'keyScene.touch' : 'keyScene.inPort')}
        plug={screen.key.plug}
        state={screen.state === 'waiting' ? 'wantsTouch' : screen.state === 'touched' ? 'touched' : 'resting'}
      />
    ),
  });
};

/** The seconds in which the key still lets itself be erased. */
function TimeLeft({ screen, scene }: { readonly screen: CareScreenOf<'erasing'>; readonly scene: CareScene }) {
  const { words } = scene;
  const nowMs = useNow(200);
  const secondsLeft = Math.max(0, Math.min(screen.windowSeconds, Math.ceil((screen.endsAtMs - nowMs) / 1000)));
  return (
    <>
      <CountdownRing secondsLeft={secondsLeft} of={screen.windowSeconds} />
      <p className="only-spoken" role="timer">
        {words.t('care.erasing.seconds', { count: secondsLeft })}
      </p>
    </>
  );
}
