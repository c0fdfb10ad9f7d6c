import { BigButton } from '../../parts/big-button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { StepList } from '../../parts/step-list.tsx';
import type { Scene } from '../view.ts';

export function KeyDoesNotFitOverlay({ scene, belowBand }: { readonly scene: Scene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const close = () => say({ type: 'panel.close' });
  return (
    <Modal
      title={t('keyDoesNotFit.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={t('keyDoesNotFit.close')} onPress={close} autoFocus />}
    >
      <StepList
        steps={(['turn', 'other', 'ask'] as const).map((id) => ({ id, state: 'ahead', words: t(`keyDoesNotFit.${id}`) }))}
      />
    </Modal>
  );
}
