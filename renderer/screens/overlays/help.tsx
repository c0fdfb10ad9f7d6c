import { BigButton } from '../../parts/big-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Modal } from '../../parts/modal.tsx';
import type { ScreenKind, StopId } from '../../../contract/snapshot.ts';
import type { Scene } from '../view.ts';
import styles from './overlays.module.css';

/** Always the same help in the same place: one hint for this step, and who to ask. */
export function HelpOverlay({ scene, belowBand }: { readonly scene: Scene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const close = () => say({ type: 'panel.close' });
  const stop = snapshot.stops.find(({ state }) => state === 'now')?.id ?? null;
  return (
    <Modal
      title={t('help.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={t('help.goOn')} onPress={close} autoFocus />}
    >
      <p>{t(`help.${topicOf(snapshot.screen.kind, stop)}`)}</p>
      <p className={styles['small']}>
        {t('help.keys')} {snapshot.host === null ? null : t('help.keysPage')}
      </p>
      <p className={styles['call']}>
        <Icon name="call" size={1} />
        <span>
          {t('technician.call')} <bdi dir="ltr">{snapshot.contact}</bdi>
        </span>
      </p>
    </Modal>
  );
}

type Topic = StopId | 'start' | 'pin';

function topicOf(kind: ScreenKind, stop: StopId | null): Topic {
  if (kind === 'pin' || kind === 'pinLastTry') return 'pin';
  return stop ?? 'start';
}
