import type { ScreenOf } from '../../../contract/snapshot.ts';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { Words } from '../../words/words.ts';
import { NoticeBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

/** Night falls only while the key wants a finger: people look at the key then, so the signal has to reach the eye's corner. */
export const touchView: ScreenView<'touch'> = (screen, { words, snapshot }) => {
  const { title, lead, waiting } = wordsFor(screen, words);
  return {
    ground: screen.state === 'preparing' ? 'paper' : 'deep',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={lead}>
            {waiting === null ? null : <Waiting words={waiting} />}
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          </Say>
        }
        show={
          <KeyScene
            name={words.t(screen.state === 'waiting' ? 'keyScene.touch' : 'keyScene.inPort')}
            plug={screen.key.plug}
            state={screen.state === 'waiting' ? 'wantsTouch' : screen.state === 'touched' ? 'touched' : 'resting'}
          />
        }
      />
    ),
  };
};

function wordsFor(
  { state, purpose }: ScreenOf<'touch'>,
  { t }: Words,
): { readonly title: string; readonly lead: string; readonly waiting: string | null } {
  switch (state) {
    case 'preparing':
      return { title: t('touch.preparing.title'), lead: t('touch.preparing.lead'), waiting: t('touch.preparing.waiting') };
    case 'waiting':
      return { title: t(`touch.${purpose}.title`), lead: t(`touch.${purpose}.lead`), waiting: t('touch.waiting') };
    case 'touched':
      return { title: t('touch.touched.title'), lead: t('touch.touched.lead'), waiting: null };
    default: {
      const never: never = state;
      return never;
    }
  }
}
