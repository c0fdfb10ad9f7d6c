import type { ScreenOf, SignInStep } from '../../../contract/snapshot.ts';
import { PassSlip } from '../../parts/drawings/slip-shape.tsx';
import { Phone } from '../../parts/drawings/phone-shape.tsx';
import { SmallKey } from '../../parts/drawings/small-drawings.tsx';
import { Say, Stage } from '../../parts/stage.tsx';
import { StepList, type Step } from '../../parts/step-list.tsx';
import { rich } from '../../words/rich.tsx';
import { NoticeBanner, TechnicianLine } from '../reason-words.tsx';
import { besidePage, MicrosoftPage, pageArrangement } from '../microsoft-page.tsx';
import type { Scene, ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';
import styles from './sign-in.module.css';

type PageStep = Exclude<SignInStep, 'finishing'>;
/** Between the name and the end: what the plan foresaw, or where the page is instead. */
type ProofStep = Exclude<PageStep, 'name' | 'stay'>;

/** Microsoft's page with a guide beside it that marks the step the page is on. */
export const signInView: ScreenView<'signIn'> = (screen, scene) => {
  const { words, snapshot, fitting } = scene;
  const { t } = words;
  const { textSize } = snapshot.look;
  const title = t(titleOf(screen));
  const narrow = screen.keyboard || textSize > 1 || (screen.notice !== null && fitting.format === 'short');
  // None of the steps is what the page wants now.
  const isAsked = screen.notice?.code === 'signIn.moreAsked';
  return {
    ...besidePage(screen, scene),
    title,
    stage: (
      <Stage textSize={textSize} arrangement={pageArrangement(screen)}>
        <Say title={title} size="besidePage" titleSpoken={screen.keyboard && textSize > 1}>
          {isAsked ? null : <StepList steps={stepsOf(screen, scene)} onlyNow={narrow} />}
          {screen.notice === null ? (
            narrow ? null : (
              <Beside screen={screen} />
            )
          ) : (
            <>
              <NoticeBanner words={words} reason={screen.notice} />
              {narrow ? null : <TechnicianLine words={words} reason={screen.notice} model={null} />}
            </>
          )}
        </Say>
        <MicrosoftPage screen={screen} scene={scene} />
      </Stage>
    ),
    aside: screen.step === 'finishing' ? <Waiting words={t('signIn.finishing')} /> : null,
  };
};

function titleOf({ step, withPhone }: ScreenOf<'signIn'>) {
  if (step === 'key') return 'signIn.titleWithKey';
  return withPhone ? 'signIn.titleWithPhone' : 'signIn.title';
}

function stepsOf(screen: ScreenOf<'signIn'>, { words }: Scene): readonly Step[] {
  const now = nearest(screen.step, screen.withPhone);
  const proof: ProofStep = now === 'name' || now === 'stay' ? (screen.withPhone ? 'approve' : 'pass') : now;
  const ids: readonly PageStep[] = ['name', proof, 'stay'];
  const nowAt = ids.indexOf(now);
  return ids.map((id, place) => ({
    id,
    words: rich(words.t(`signIn.step.${id}`)),
    state: place < nowAt ? 'done' : place === nowAt ? 'now' : 'ahead',
  }));
}

/** The page may ask for the other proof than the plan foresaw; the guide then stays on that same step. */
function nearest(step: SignInStep, phone: boolean): PageStep {
  if (step === 'finishing') return 'stay';
  if (step === 'pass' && phone) return 'approve';
  if (step === 'approve' && !phone) return 'pass';
  return step;
}

function Beside({ screen }: { readonly screen: ScreenOf<'signIn'> }) {
  return (
    <div className={styles['beside']} data-spare="">
      {screen.step === 'key' ? <SmallKey /> : screen.withPhone ? <Phone name={null} sign="number" /> : <PassSlip name={null} />}
    </div>
  );
}
