import { BigButton } from '../../parts/big-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ContactLine } from '../reason-words.tsx';
import type { Scene } from '../view.ts';

/** A PIN can neither be shown nor taken off here; the calm ways on are another key or a technician. */
export function ForgotPinOverlay({ scene, belowBand }: { readonly scene: Scene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const close = () => say({ type: 'panel.close' });
  return (
    <Modal
      title={t('forgotPin.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={t('forgotPin.close')} onPress={close} autoFocus />}
    >
      <p>{t('forgotPin.otherKey')}</p>
      <p>{t('forgotPin.erase')}</p>
      <ContactLine words={words} contact={snapshot.contact} />
    </Modal>
  );
}
