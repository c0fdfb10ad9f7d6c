import type { Reason } from '../../../contract/reason.ts';
import type { ScreenOf } from '../../../contract/snapshot.ts';
import { Banner } from '../../parts/banner.tsx';
import { OnScreenKeyboard } from '../../parts/on-screen-keyboard.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Say, Stage } from '../../parts/stage.tsx';
import { StepList, type Step } from '../../parts/step-list.tsx';
import { keyboardWords } from '../../words/keyboard-words.ts';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import { frameWords } from '../frame-words.ts';
import { NoticeBanner, TechnicianLine } from '../reason-words.tsx';
import type { Action, Scene, ScreenView } from '../view.ts';

const ids = ['open', 'touch', 'name'] as const;

/** Microsoft's page adds the key; the guide beside it says what to press there and why it is this page. */
export const portalView: ScreenView<'portal'> = (screen, scene) => {
  const { words, snapshot, fitting, say } = scene;
  const { t } = words;
  const { textSize, controlsLower } = snapshot.look;
  const title = t(screen.step === 'add' ? 'portal.title' : 'portal.save.title');
  const told = screen.notice ?? (screen.step === 'add' ? screen.instead : null);
  const narrow = screen.keyboard || textSize > 1 || (told !== null && (fitting.format === 'short' || controlsLower));
  const keyboard: Action = screen.keyboard
    ? { label: t('keyboard.hide'), press: { type: 'keyboard.hide' }, icon: 'keyboard' }
    : { label: t('keyboard.show'), press: { type: 'keyboard.show' }, icon: 'keyboard' };
  return {
    ground: 'paper',
    title,
    withPage: true,
    withoutRail: screen.keyboard && fitting.format === 'short',
    stage: (
      <Stage textSize={textSize} arrangement={screen.keyboard ? 'withPageAndKeyboard' : 'withPage'}>
        <Say
          title={title}
          size="besidePage"
          titleSpoken={((screen.keyboard || told !== null) && textSize > 1) || (screen.keyboard && controlsLower)}
        >
          <StepList steps={stepsOf(screen, scene)} onlyNow={narrow} />
          {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          {screen.notice !== null || screen.keyboard || told === null ? null : <Instead words={words} reason={told} />}
        </Say>
        <PageFrame {...frameWords(scene)} visit={snapshot.visit} onFrame={(frame) => say({ type: 'page.frame', frame })} />
        {screen.keyboard ? (
          <OnScreenKeyboard
            words={keyboardWords(words)}
            enterReady
            onSymbol={(symbol) => say({ type: 'keyboard.press', symbol })}
            onDelete={() => say({ type: 'keyboard.press', symbol: 'Backspace' })}
            onEnter={() => say({ type: 'keyboard.press', symbol: 'Enter' })}
          />
        ) : null}
      </Stage>
    ),
    second: keyboard,
    ...(screen.untold ? { primary: { label: t('portal.saved'), press: { type: 'continue' }, iconAfter: 'next' } } : {}),
  };
};

/** The way before this one does not serve: said in one line, with its code for whoever comes to help. */
function Instead({ words, reason }: { readonly words: Words; readonly reason: Reason }) {
  return (
    <>
      <Banner tone="info">{words.t('portal.instead')}</Banner>
      <TechnicianLine words={words} reason={reason} model={null} />
    </>
  );
}

function stepsOf(screen: ScreenOf<'portal'>, { words }: Scene): readonly Step[] {
  const now = screen.step === 'add' ? 0 : 2;
  return ids.map((id, place) => ({
    id,
    words: rich(words.t(`portal.step.${id}`)),
    state: place < now ? 'done' : place === now ? 'now' : 'ahead',
  }));
}
