import type { SampleQuality } from '../../../contract/care.ts';
import { KeyScene, MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { Banner } from '../../parts/banner.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import { reasonSay, reasonTitle, TechnicianLine, WhyBanner } from '../../screens/reason-words.tsx';
import { Waiting } from '../../screens/waiting.tsx';
import type { Words } from '../../words/words.ts';
import type { CareScreenView } from '../care-view.ts';
import { saidAndShown } from '../parts/said-and-shown.tsx';

export const workingView: CareScreenView<'working'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const title = t('care.working.title');
  return saidAndShown(snapshot, {
    ground: 'paper',
    title,
    lead: t('care.working.lead'),
    under: <Waiting words={t(`care.working.${screen.deed}`)} />,
    show: <KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />,
  });
};

export const touchKeyView: CareScreenView<'touch'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const waiting = screen.state === 'waiting';
  const title = t(waiting ? 'care.touch.title' : 'touch.touched.title');
  return saidAndShown(snapshot, {
    ground: 'deep',
    title,
    lead: t('care.touch.lead'),
    under: <Waiting words={t(`care.working.${screen.deed}`)} />,
    show: (
      <KeyScene
        name={t(waiting ? 'keyScene.touch' : 'keyScene.inPort')}
        plug={screen.key.plug}
        state={waiting ? 'wantsTouch' : 'touched'}
      />
    ),
  });
};

/** Each touch is answered at once: how it went, and how many more the key wants. */
export const teachView: CareScreenView<'teach'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const { sample } = screen;
  const title = t('care.teach.title');
  return saidAndShown(snapshot, {
    ground: 'deep',
    title,
    lead: t('care.teach.lead'),
    under: (
      <StatusRows live>
        {sample === null ? (
          <StatusRow mark="working" line={t('care.teach.first')} />
        ) : (
          <StatusRow
            mark={sample.quality === 'good' ? 'working' : 'open'}
            weight="bold"
            line={sampleWords(sample.quality, words)}
            small={t('care.teach.left', { count: sample.left })}
          />
        )}
      </StatusRows>
    ),
    show: <KeyScene name={t('keyScene.touch')} plug={screen.key.plug} state="wantsTouch" />,
  });
};

/** Qualities that ask the same of the finger are told in the same words. */
function sampleWords(quality: SampleQuality, { t }: Words): string {
  switch (quality) {
    case 'good':
      return t('care.sample.good');
    case 'tooHigh':
    case 'tooLow':
    case 'tooLeft':
    case 'tooRight':
    case 'tooSkewed':
      return t('care.sample.place');
    case 'tooFast':
    case 'tooShort':
      return t('care.sample.longer');
    case 'tooSlow':
      return t('care.sample.shorter');
    case 'notReleased':
      return t('care.sample.lift');
    case 'mergeFailure':
      return t('care.sample.same');
    case 'alreadyEnrolled':
      return t('care.sample.known');
    case 'poorQuality':
    case 'databaseFull':
    case 'noActivity':
    case 'other':
      return t('care.sample.again');
    default:
      return quality satisfies never;
  }
}

export const troubleView: CareScreenView<'trouble'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const { reason } = screen;
  const title = reasonTitle(words, reason);
  const locked = reason.code === 'key.pinLocked';
  return {
    ...saidAndShown(snapshot, {
      ground: 'paper',
      title,
      lead: locked ? t('care.locked.lead') : reasonSay(words, reason),
      under: (
        <>
          {locked ? <Banner tone="stop">{t('care.locked.lost')}</Banner> : <WhyBanner words={words} reason={reason} />}
          <TechnicianLine words={words} reason={reason} model={screen.key.model} />
        </>
      ),
      show: locked ? (
        <MovingKeyScene name={t('keyScene.inPort')} plug={screen.key.plug} towards="person" refused />
      ) : (
        <KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />
      ),
    }),
    primary: { label: t('care.again'), press: { type: 'tryAgain' } },
  };
};
