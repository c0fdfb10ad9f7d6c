import type { Language } from '../../../contract/intent.ts';
import { BigButton } from '../../parts/big-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { languageNames } from '../../words/languages.ts';
import type { PanelScene } from '../view.ts';
import styles from './overlays.module.css';

const order: readonly Language[] = ['en', 'nl', 'ar'];

/** Each language by its own name; the place in the journey is kept. */
export function LanguageOverlay({ scene, belowBand }: { readonly scene: PanelScene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const close = () => say({ type: 'panel.close' });
  return (
    <Modal
      title={words.t('language.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={words.t('panel.done')} onPress={close} autoFocus />}
    >
      <div className={styles['row']}>
        {order.map((language) => {
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
    </Modal>
  );
}
