import type { ScreenOf } from '../../../contract/snapshot.ts';
import { BigButton } from '../../parts/big-button.tsx';
import { Phone, SlipAndPhone } from '../../parts/drawings/phone-shape.tsx';
import { SlipShape } from '../../parts/drawings/slip-shape.tsx';
import { PageFrame } from '../../parts/page-frame.tsx';
import { Column, Halves, Say, Stage } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import { StepList, type Step } from '../../parts/step-list.tsx';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import { frameWords } from '../frame-words.ts';
import { NoticeBanner } from '../reason-words.tsx';
import type { Action, Scene, ScreenView, View } from '../view.ts';
import styles from './phone.module.css';

type PhoneScreen = ScreenOf<'phone'>;

/** Authenticator on the person's own phone; the desk watches and goes on by itself. */
export const phoneView: ScreenView<'phone'> = (screen, scene) => {
  if (screen.registered === 'done') return turningOn(screen, scene);
  return screen.way === 'code' ? withCode(screen, scene) : withPass(screen, scene);
};

const skip = ({ t }: Words): Action => ({ label: t('phone.skip'), press: { type: 'phone.skip' } });

/** Microsoft's page with its code between the steps and what the desk sees. */
function withCode(screen: PhoneScreen, scene: Scene): View {
  const { words, snapshot, fitting, say, shows } = scene;
  const { t } = words;
  const { textSize } = snapshot.look;
  const large = textSize > 1;
  const short = fitting.format === 'short';
  const tight = short && (screen.notice !== null || snapshot.look.controlsLower);
  const frame = (
    <PageFrame {...frameWords(scene)} visit={snapshot.visit} onFrame={(place) => say({ type: 'page.frame', frame: place })} />
  );
  const guide = (
    <Say title={t('phone.title')} size="besidePage" titleSpoken={textSize === 2 && short}>
      {textSize === 2 && short && screen.notice !== null ? null : (
        <StepList steps={steps(words, ['phone.step.open', 'phone.step.add', 'phone.step.scan'], 2)} onlyNow={large || tight} />
      )}
      {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
      <div className={styles['ways']}>
        {shows('phone.noApp') ? (
          <BigButton kind="way" icon="down" label={t('phone.noApp')} onPress={() => say({ type: 'phone.noApp' })} />
        ) : null}
        {screen.inAppPossible && shows('phone.inApp') ? (
          <BigButton kind="way" icon="phone" label={t('phone.inApp')} onPress={() => say({ type: 'phone.inApp' })} />
        ) : null}
      </div>
    </Say>
  );
  return {
    ground: 'paper',
    withPage: true,
    title: t('phone.title'),
    stage: large ? (
      <Stage textSize={textSize} arrangement="withPage">
        {guide}
        {frame}
      </Stage>
    ) : (
      <Stage textSize={textSize} arrangement="withPageAndStatus">
        {guide}
        {frame}
        <Column>
          <div className={styles['status']}>
            <div className={styles['phone']}>
              <Phone name={null} sign="scan" />
            </div>
            <Rows screen={screen} words={words} />
            <p className={styles['byItself']} data-spare="">
              {t('phone.byItself')}
            </p>
          </div>
        </Column>
      </Stage>
    ),
    aside: large ? t('phone.byItself') : null,
    quiet: skip(words),
  };
}

/** The pass is typed on the phone; no page is needed. */
function withPass(screen: PhoneScreen, scene: Scene): View {
  const { words, snapshot } = scene;
  const { t } = words;
  return {
    ground: 'paper',
    title: t('phone.inApp.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('phone.inApp.title')}>
            <StepList steps={steps(words, ['phone.step.open', 'phone.inApp.step.add', 'phone.inApp.step.type'], 0)} />
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
            <Rows screen={screen} words={words} />
          </Say>
        }
        show={<SlipAndPhone name={t('phone.inApp.drawing')} sign="blank" slip={<SlipShape />} />}
      />
    ),
    quiet: skip(words),
    second: { label: t('phone.showCode'), press: { type: 'phone.showCode' }, icon: 'camera' },
  };
}

/** The phone is known; its sign-in still has to be turned on in the app. */
function turningOn(screen: PhoneScreen, scene: Scene): View {
  const { words, snapshot } = scene;
  const { t } = words;
  return {
    ground: 'paper',
    title: t('phone.turnOn.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('phone.turnOn.title')}>
            <StepList
              steps={steps(words, ['phone.turnOn.step.account', 'phone.turnOn.step.setUp', 'phone.turnOn.step.pass'], 0)}
            />
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
            <Rows screen={screen} words={words} />
          </Say>
        }
        show={
          <SlipAndPhone
            name={t('phone.turnOn.drawing')}
            sign={screen.signInOn === 'done' ? 'switchOn' : 'switchOff'}
            slip={<SlipShape />}
          />
        }
      />
    ),
    quiet: skip(words),
  };
}

type StepWords =
  | 'phone.step.open'
  | 'phone.step.add'
  | 'phone.step.scan'
  | 'phone.inApp.step.add'
  | 'phone.inApp.step.type'
  | 'phone.turnOn.step.account'
  | 'phone.turnOn.step.setUp'
  | 'phone.turnOn.step.pass';

function steps(words: Words, ids: readonly StepWords[], now: number): readonly Step[] {
  return ids.map((id, place) => ({ id, words: rich(words.t(id)), state: place === now ? 'now' : 'ahead' }));
}

/** Two facts the desk reads from the directory; their words change with them. */
function Rows({ screen, words }: { readonly screen: PhoneScreen; readonly words: Words }) {
  const { t, time } = words;
  const registered = screen.registered === 'done';
  const on = screen.signInOn === 'done';
  return (
    <StatusRows live>
      {registered ? (
        <StatusRow
          mark="done"
          weight="bold"
          line={t('phone.row.registered')}
          small={screen.registeredAtMs === null ? null : <PhoneAt name={screen.phoneName} at={time(screen.registeredAtMs)} />}
        />
      ) : (
        <StatusRow
          mark="working"
          weight="bold"
          line={t('phone.row.phone')}
          small={t(screen.way === 'code' ? 'phone.row.waitingScan' : 'phone.row.waitingApp')}
        />
      )}
      {on ? (
        <StatusRow mark="done" weight="bold" line={t('phone.row.signInOn')} />
      ) : (
        <StatusRow
          mark={registered ? 'working' : 'open'}
          weight="bold"
          line={t(registered ? 'phone.row.waitingSignIn' : 'phone.row.signIn')}
          small={<span data-spare="">{t(registered ? 'phone.byItself' : 'phone.row.afterThat')}</span>}
        />
      )}
    </StatusRows>
  );
}

function PhoneAt({ name, at }: { readonly name: string | null; readonly at: string }) {
  return (
    <>
      {name === null ? null : (
        <>
          <bdi>{name}</bdi> ·{' '}
        </>
      )}
      {at}
    </>
  );
}
