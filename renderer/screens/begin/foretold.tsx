import { foretold, type Foretold, type ForetoldCode } from '../../../contract/foretold.ts';
import type { ScreenOf } from '../../../contract/snapshot.ts';
import { Banner } from '../../parts/banner.tsx';
import { PlaceWithMark } from '../../parts/drawings/place-with-mark.tsx';
import { KeyWithMark, SlipWithMark } from '../../parts/drawings/small-drawings.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { Words } from '../../words/words.ts';
import { ContactLine, whyPages } from '../reason-words.tsx';
import styles from '../reason-words.module.css';
import type { Scene, ScreenView } from '../view.ts';

/** Going on would fail: said while the pass is still good, with the cure for whoever keeps the rules. */
export const foretoldView: ScreenView<'foretold'> = (screen, scene) => {
  const { words, snapshot } = scene;
  const { t } = words;
  const [first] = screen.foretold;
  const looking = screen.state === 'looking';
  return {
    ground: 'paper',
    title: t('foretold.title'),
    stage: (
      <Halves textSize={snapshot.look.textSize} say={<Told screen={screen} scene={scene} />} show={drawingOf(first?.code, t)} />
    ),
    quiet: { label: t('foretold.tryAnyway'), press: { type: 'continue' } },
    ...whyPages(scene),
    primary: {
      label: t('foretold.lookAgain'),
      press: { type: 'tryAgain' },
      icon: 'startAgain',
      ...(looking ? { busy: t('foretold.looking') } : {}),
    },
  };
};

/** What stands in the way: the pass, the place, or what becomes of the key. */
function drawingOf(code: ForetoldCode | undefined, t: Words['t']) {
  if (code === 'access.wrongPlace') return <PlaceWithMark name={t('gate.drawing')} kind="stop" />;
  return code !== undefined && foretold[code].step === 'signIn' ? (
    <SlipWithMark name={t('trouble.drawing.pass')} kind="stop" />
  ) : (
    <KeyWithMark name={t('trouble.drawing.key')} kind="stop" />
  );
}

function Told({ screen, scene }: { readonly screen: ScreenOf<'foretold'>; readonly scene: Scene }) {
  const { words, snapshot, page } = scene;
  const { t } = words;
  const lead = t(screen.passKept ? 'foretold.lead' : 'foretold.leadSignedIn');
  const banner = (
    <Banner tone="stop">
      <b>{t('reason.why')}</b> {screen.foretold.map((one) => t(`foretold.${one.code}.say`)).join(' ')}
    </Banner>
  );
  const contact = <ContactLine words={words} contact={snapshot.contact} />;
  const cures = screen.foretold.map((one) => <CureLine key={one.code} words={words} one={one} />);
  if (snapshot.look.textSize === 1) {
    return (
      <Say title={t('foretold.title')} lead={lead}>
        {banner}
        {contact}
        {cures}
      </Say>
    );
  }
  return page === 0 ? (
    <Say title={t('foretold.title')} lead={lead}>
      {contact}
    </Say>
  ) : (
    <Say title={t('reason.why')}>
      {banner}
      {cures}
    </Say>
  );
}

/** One line for whoever keeps the tenant: the code, the cure, and which of their rules it is. */
function CureLine({ words, one: { code, evidence } }: { readonly words: Words; readonly one: Foretold }) {
  const { t } = words;
  const named: readonly string[] = [
    evidence?.policyName === undefined ? null : t('foretold.evidence.policy', { name: evidence.policyName }),
    evidence?.strengthName === undefined ? null : t('foretold.evidence.strength', { name: evidence.strengthName }),
    evidence?.placeName === undefined ? null : t('foretold.evidence.place', { name: evidence.placeName }),
  ].filter((text) => text !== null);
  const codes = [evidence?.address, evidence?.country, evidence?.aaguid].filter((text) => text !== undefined);
  return (
    <p className={styles['technician']} data-spare="">
      {t('technician.line')} <code dir="ltr">{code}</code> · {t(`foretold.${code}.tech`)}
      {named.map((text) => (
        <span key={text}>
          {' · '}
          {text}
        </span>
      ))}
      {codes.map((text) => (
        <span key={text}>
          {' · '}
          <bdi dir="ltr">{text}</bdi>
        </span>
      ))}
    </p>
  );
}
