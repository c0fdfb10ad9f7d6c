import type { ScreenOf } from '../../../contract/snapshot.ts';
import { ChooseScene } from '../../parts/drawings/choose-scene.tsx';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { PlainMessageId } from '../../words/words.ts';
import { NoticeBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

/** The hand chooses, not a button: what the keys are called says nothing to a person who has just unpacked them. */
export const chooseKeyView: ScreenView<'chooseKey'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const title = t(titleOf(screen));
  const lit = screen.state === 'waiting';
  return {
    ground: lit ? 'deep' : 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t(leadOf(screen))}>
            {screen.state === 'unanswered' ? null : <Waiting words={t(lit ? 'touch.waiting' : 'chooseKey.preparing')} />}
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          </Say>
        }
        show={
          screen.alone ? (
            <KeyScene
              name={t(lit ? 'keyScene.touch' : 'keyScene.inPort')}
              plug="unknown"
              state={lit ? 'wantsTouch' : 'resting'}
            />
          ) : (
            <ChooseScene name={t(lit ? 'chooseKey.drawingLit' : 'chooseKey.drawing')} lit={lit} />
          )
        }
      />
    ),
    primary: { label: t('chooseKey.again'), press: { type: 'tryAgain' } },
  };
};

function leadOf({ alone, purpose }: ScreenOf<'chooseKey'>): PlainMessageId {
  if (alone) return 'chooseKey.leadOne';
  switch (purpose) {
    case 'prove':
      return 'chooseKey.leadProve';
    case 'signIn':
      return 'chooseKey.leadSignIn';
    case 'setUp':
      return 'chooseKey.lead';
    default:
      return purpose satisfies never;
  }
}

function titleOf({ purpose, second }: ScreenOf<'chooseKey'>): PlainMessageId {
  if (purpose === 'prove') return 'chooseKey.titleProve';
  return second ? 'chooseKey.titleSecond' : 'chooseKey.title';
}
