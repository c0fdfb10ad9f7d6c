import type { Reason } from '../../../contract/reason.ts';
import type { ScreenOf } from '../../../contract/snapshot.ts';
import { Banner } from '../../parts/banner.tsx';
import { Say, Stage } from '../../parts/stage.tsx';
import { StepList, type Step } from '../../parts/step-list.tsx';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import { NoticeBanner, TechnicianLine } from '../reason-words.tsx';
import { besidePage, MicrosoftPage, pageArrangement } from '../microsoft-page.tsx';
import type { Scene, ScreenView } from '../view.ts';

const ids = ['open', 'touch', 'name'] as const;

/** Microsoft's page adds the key; the guide beside it says what to press there and why it is this page. */
export const portalView: ScreenView<'portal'> = (screen, scene) => {
  const { words, snapshot, fitting } = scene;
  const { t } = words;
  const { textSize, controlsLower } = snapshot.look;
  const title = t(screen.step === 'add' ? 'portal.title' : 'portal.save.title');
  const told = screen.notice ?? (screen.step === 'add' ? screen.instead : null);
  const narrow = screen.keyboard || textSize > 1 || (told !== null && (fitting.format === 'short' || controlsLower));
  return {
    ...besidePage(screen, scene),
    title,
    stage: (
      <Stage textSize={textSize} arrangement={pageArrangement(screen)}>
        <Say
          title={title}
          size="besidePage"
          titleSpoken={((screen.keyboard || told !== null) && textSize > 1) || (screen.keyboard && controlsLower)}
        >
          <StepList steps={stepsOf(screen, scene)} onlyNow={narrow} />
          {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          {screen.notice !== null || screen.keyboard || told === null ? null : <Instead words={words} reason={told} />}
        </Say>
        <MicrosoftPage screen={screen} scene={scene} />
      </Stage>
    ),
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
