import { BigButton } from '../../parts/big-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import type { Scene } from '../view.ts';

/** Says what is lost before it is lost; staying is the primary and focused answer. */
export function StartAgainOverlay({ scene, belowBand }: { readonly scene: Scene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const close = () => say({ type: 'panel.close' });
  return (
    <Modal
      title={t('startAgain.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={
        <>
          <BigButton kind="primary" label={t('startAgain.stay')} onPress={close} autoFocus />
          <BigButton kind="danger" label={t('startAgain.confirm')} onPress={() => say({ type: 'startAgain.confirm' })} />
        </>
      }
    >
      <p>{t('startAgain.lost')}</p>
      <p>{t('startAgain.kept')}</p>
    </Modal>
  );
}
