import type { Device } from '../../../contract/intent.ts';
import type { ScreenOf, WayIn } from '../../../contract/snapshot.ts';
import { Banner } from '../../parts/banner.tsx';
import { SmallKey, SmallPhone } from '../../parts/drawings/small-drawings.tsx';
import { Mark } from '../../parts/mark.tsx';
import { Column, Say, Stage } from '../../parts/stage.tsx';
import { rich } from '../../words/rich.tsx';
import { sinceWords } from '../../words/since-words.ts';
import type { Words } from '../../words/words.ts';
import type { Action, Scene, ScreenView, View } from '../view.ts';
import { DeviceNext } from './device-next.tsx';
import styles from './done.module.css';
import { passWords } from './pass-words.ts';

type DoneScreen = ScreenOf<'done'>;

const deviceOrder: readonly Device[] = ['windows', 'mac', 'iphone', 'android'];

/** What one has now and what to do next; two pages where text is large or there is much of it. */
export const doneView: ScreenView<'done'> = (screen, scene) => {
  const { words, snapshot, fitting } = scene;
  const { textSize } = snapshot.look;
  const title = titleOf(screen, words);
  const onePage =
    textSize === 1 &&
    (fitting.format === 'portrait' ||
      (!snapshot.look.controlsLower && screen.after.length + screen.ways.length <= (fitting.format === 'wide' ? 6 : 4)));
  const has = <Has screen={screen} words={words} />;
  const next = <Next screen={screen} words={words} />;
  if (onePage) {
    return {
      ground: 'paper',
      title,
      stage: (
        <Stage textSize={textSize} arrangement="done">
          <Say title={title} />
          <Column place="start">{has}</Column>
          <Column place="start">{next}</Column>
        </Stage>
      ),
      ...leaving(screen, scene),
    };
  }
  const first = scene.page === 0;
  return {
    ground: 'paper',
    title: first ? title : words.t('done.next'),
    stage: (
      <Stage textSize={textSize} arrangement="whole">
        {first ? <Say title={title}>{has}</Say> : <Say title={words.t('done.next')}>{next}</Say>}
      </Stage>
    ),
    ...(first
      ? { primary: { label: words.t('done.next'), press: () => scene.turnTo(1), iconAfter: 'next' as const } }
      : { ...leaving(screen, scene), back: () => scene.turnTo(0) }),
  };
};

function titleOf({ ways, firstName }: DoneScreen, { t }: Words): string {
  const almost = ways.length < 2;
  if (firstName === null) return t(almost ? 'done.title.almost' : 'done.title.ready');
  return t(almost ? 'done.title.almostNamed' : 'done.title.readyNamed', { name: firstName });
}

function leaving(screen: DoneScreen, { words, shows }: Scene): Pick<View, 'primary' | 'second' | 'quiet' | 'aside'> {
  const { t } = words;
  const print: Action | undefined =
    screen.printing === 'impossible'
      ? undefined
      : {
          label: t('done.print'),
          press: { type: 'print' },
          icon: 'printer',
          ...(screen.printing === 'busy' ? { busy: t('done.printing') } : {}),
        };
  const aside = screen.printing === 'printed' ? t('done.printed') : screen.printing === 'impossible' ? t('done.noPrinter') : null;
  if (screen.ways.length >= 2) {
    return { second: print, aside, primary: { label: t('done.finish'), press: { type: 'finish' }, iconAfter: 'check' } };
  }
  const more: Action = shows('key.addSecond')
    ? { label: t('works.addSecond'), press: { type: 'key.addSecond' }, iconAfter: 'plus' }
    : { label: t('works.nextPhone'), press: { type: 'phone.next' }, iconAfter: 'next' };
  return { second: print, aside, quiet: { label: t('done.finishAnyway'), press: { type: 'finish' } }, primary: more };
}

/** Cards for the ways in, and the one banner that matters most. */
function Has({ screen, words }: { readonly screen: DoneScreen; readonly words: Words }) {
  const { t } = words;
  const has = (way: WayIn) => screen.ways.some((each) => each.way === way);
  const wants: readonly WayIn[] = [
    has('earlierKey') ? 'earlierKey' : 'securityKey',
    ...(has('secondKey') ? (['secondKey'] as const) : []),
    'phoneSignIn',
  ];
  return (
    <section className={styles['has']}>
      <h2 className={styles['heading']}>{t('done.have')}</h2>
      <ul className={styles['cards']}>
        {wants.map((way) => {
          const made = screen.ways.find((each) => each.way === way);
          return (
            <li key={way} className={styles['card']}>
              <span className={styles['drawing']}>
                {way === 'phoneSignIn' ? <SmallPhone done={made !== undefined} /> : <SmallKey />}
              </span>
              <span className={styles['cardWords']}>
                <b className={styles['way']}>{t(`way.${way}`)}</b>
                <span className={styles['since']}>{sinceOf(way, screen, words)}</span>
              </span>
              <span className={styles['mark']}>
                <Mark kind={made === undefined ? 'open' : 'done'} size={5.2} />
              </span>
            </li>
          );
        })}
      </ul>
      {screen.ways.length < 2 ? (
        <Banner tone="attention">{rich(t(screen.ways[0]?.way === 'phoneSignIn' ? 'done.oneWayPhone' : 'done.oneWay'))}</Banner>
      ) : (
        <PassBanner screen={screen} words={words} />
      )}
    </section>
  );
}

/** Since when one has it, or why not. */
function sinceOf(way: WayIn, { ways, phoneNote }: DoneScreen, { t, time }: Words): string {
  const made = ways.find((each) => each.way === way);
  if (way !== 'phoneSignIn') return made === undefined ? t('way.notSetUp') : t(sinceWords[way], { time: time(made.atMs) });
  if (made === undefined) return t(phoneNote === 'notOpen' ? 'way.notOpen' : 'way.notSetUp');
  return phoneNote === 'notFirst' ? t('way.notFirst') : t('way.onSince', { time: time(made.atMs) });
}

/** Only what the directory said about the pass. */
function PassBanner({ screen: { pass }, words }: { readonly screen: DoneScreen; readonly words: Words }) {
  return <Banner tone={pass.kind === 'deleted' || pass.kind === 'usedUp' ? 'done' : 'info'}>{passWords(words, pass)}</Banner>;
}

function Next({ screen, words }: { readonly screen: DoneScreen; readonly words: Words }) {
  const phoneSignIn = screen.ways.some(({ way }) => way === 'phoneSignIn');
  return (
    <section className={styles['next']}>
      <h2 className={styles['heading']} data-next="">
        {words.t('done.next')}
      </h2>
      <ul className={styles['devices']}>
        {deviceOrder
          .flatMap((device) => screen.after.filter((after) => after.device === device))
          .map((after) => (
            <DeviceNext key={after.device} after={after} pass={screen.pass} phoneSignIn={phoneSignIn} words={words} />
          ))}
      </ul>
    </section>
  );
}
