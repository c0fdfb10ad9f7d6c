import { BigButton } from '../../parts/big-button.tsx';
import { AttractScene } from '../../parts/drawings/attract-scene.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { TextSize } from '../../../contract/intent.ts';
import { languageNames } from '../../words/languages.ts';
import type { Scene, ScreenView } from '../view.ts';
import styles from './attract.module.css';

/** The screen that calls: what one gets here, what to have ready, and a large start. */
export const attractView: ScreenView<'attract'> = (_screen, scene) => {
  const { words, say, snapshot } = scene;
  const { t } = words;
  return {
    ground: 'deep',
    title: t('attract.title'),
    bare: true,
    tools: <SightTools scene={scene} />,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('attract.title')} size="display" lead={t('attract.lead')}>
            <div className={styles['start']}>
              <BigButton kind="start" label={t('attract.start')} iconAfter="next" onPress={() => say({ type: 'start' })} />
            </div>
          </Say>
        }
        show={
          <figure className={styles['scene']}>
            <AttractScene name={t('attract.drawing')} />
            <figcaption className={styles['things']} aria-hidden="true">
              <span>{t('attract.pass')}</span>
              <span>{t('attract.key')}</span>
              <span>{t('attract.phone')}</span>
            </figcaption>
          </figure>
        }
      />
    ),
    end: <Languages scene={scene} />,
  };
};

const nextSize: Readonly<Record<TextSize, TextSize>> = { 1: 1.5, 1.5: 2, 2: 1 };

function SightTools({ scene: { words, say, snapshot } }: { readonly scene: Scene }) {
  const { textSize, contrast } = snapshot.look;
  const { t } = words;
  const sizeWords = { 1: t('attract.text.larger'), 1.5: t('attract.text.largest'), 2: t('attract.text.normal') }[textSize];
  const high = contrast === 'high';
  return (
    <>
      <BigButton
        kind="tool"
        icon="textSize"
        label={sizeWords}
        onPress={() => say({ type: 'look.textSize', textSize: nextSize[textSize] })}
      />
      <BigButton
        kind="tool"
        icon="contrast"
        label={high ? t('attract.contrast.normal') : t('attract.contrast.high')}
        onPress={() => say({ type: 'look.contrast', contrast: high ? 'normal' : 'high' })}
      />
      <BigButton kind="tool" icon="display" label={t('strip.display')} onPress={() => say({ type: 'display.open' })} />
    </>
  );
}

function Languages({ scene: { words, say, snapshot } }: { readonly scene: Scene }) {
  return (
    <div className={styles['languages']} role="group" aria-label={words.t('language.title')}>
      <span className={styles['globe']}>
        <Icon name="globe" size={1.2} />
      </span>
      {(['en', 'nl', 'ar'] as const).map((language) => {
        const current = snapshot.look.language === language;
        return (
          <BigButton
            key={language}
            kind="second"
            label={languageNames[language]}
            lang={language}
            current={current}
            icon={current ? 'check' : undefined}
            onPress={() => say({ type: 'look.language', language })}
          />
        );
      })}
    </div>
  );
}
