import { useEffect } from 'react';
import type { Overlay } from '../../../contract/snapshot.ts';
import { BigButton } from '../../parts/big-button.tsx';
import { CountdownRing } from '../../parts/countdown-ring.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useNow } from '../../parts/use-now.ts';
import type { Scene } from '../view.ts';
import styles from './overlays.module.css';

interface IdleOverlayProps {
  readonly scene: Scene;
  readonly belowBand: boolean;
  readonly overlay: Extract<Overlay, { kind: 'idle' }>;
}

/** Any key or touch keeps the person here; only one button says that they are leaving. */
export function IdleOverlay({ scene, belowBand, overlay }: IdleOverlayProps) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const nowMs = useNow(200);
  const secondsLeft = Math.max(0, Math.min(overlay.warningSeconds, Math.ceil((overlay.endsAtMs - nowMs) / 1000)));
  const stay = () => say({ type: 'idle.stillHere' });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // The two answers stay reachable with Tab and pressable with Enter and Space; every other key is an answer itself.
      if (event.key === 'Tab' || event.key === 'Enter' || event.key === ' ') return;
      say({ type: 'idle.stillHere' });
    };
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest('button') !== null) return;
      say({ type: 'idle.stillHere' });
    };
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('pointerdown', onPointer, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('pointerdown', onPointer, true);
    };
  }, [say]);

  return (
    <Modal
      title={t('idle.title')}
      assertive
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={stay}
      show={<CountdownRing secondsLeft={secondsLeft} of={overlay.warningSeconds} />}
      buttons={
        <>
          <BigButton kind="primary" label={t('idle.stillHere')} onPress={stay} autoFocus />
          <BigButton kind="second" label={t('idle.leave')} onPress={() => say({ type: 'idle.leave' })} />
        </>
      }
    >
      <p>{t('idle.lead', { seconds: secondsLeft })}</p>
      <p className={styles['small']} data-spare="">
        {t('idle.anyKey')}
      </p>
    </Modal>
  );
}
