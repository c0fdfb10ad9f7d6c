import { KeyWithMark } from '../../parts/drawings/small-drawings.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { ContactLine } from '../reason-words.tsx';
import styles from '../reason-words.module.css';
import type { Scene, ScreenView } from '../view.ts';
import type { ScreenOf } from '../../../contract/snapshot.ts';

/** No way of registering serves here: who to call, and what each way said, for them. */
export const noRouteView: ScreenView<'noRoute'> = (screen, scene) => {
  const { words, snapshot, fitting, page, turnTo } = scene;
  const { t } = words;
  const { textSize, controlsLower } = snapshot.look;
  const inPages = textSize > 1 || (controlsLower && fitting.format === 'short');
  return {
    ground: 'paper',
    title: t('noRoute.title'),
    stage: (
      <Halves
        textSize={textSize}
        say={
          inPages && page > 0 ? (
            <Say title={t('reason.why')}>
              <Ways screen={screen} scene={scene} />
            </Say>
          ) : (
            <Say title={t('noRoute.title')} lead={t('noRoute.lead')}>
              <ContactLine words={words} contact={snapshot.contact} />
              {inPages ? null : <Ways screen={screen} scene={scene} />}
            </Say>
          )
        }
        show={<KeyWithMark name={t('trouble.drawing.key')} kind="stop" />}
      />
    ),
    ...(inPages ? (page === 0 ? { second: { label: t('reason.why'), press: () => turnTo(1) } } : { back: () => turnTo(0) }) : {}),
    primary: { label: t('trouble.tryAgain'), press: { type: 'tryAgain' }, icon: 'startAgain' },
  };
};

/** One line for each way: which, the code, and what the other side said. */
function Ways({ screen, scene }: { readonly screen: ScreenOf<'noRoute'>; readonly scene: Scene }) {
  return screen.refusals.map(({ route, reason: { code, detail } }) => {
    const facts = [detail?.status, detail?.statusName, detail?.requestId].filter((fact) => fact !== undefined);
    return (
      <p key={route} className={styles['technician']}>
        <b>{scene.words.t(`noRoute.way.${route}`)}</b> · <code dir="ltr">{code}</code>
        {facts.map((fact) => (
          <span key={fact}>
            {' · '}
            <bdi dir="ltr">{fact}</bdi>
          </span>
        ))}
      </p>
    );
  });
}
