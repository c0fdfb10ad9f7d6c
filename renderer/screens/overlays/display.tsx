import type { ReactNode } from 'react';
import type { LookIntent, TextSize } from '../../../contract/intent.ts';
import { BigButton } from '../../parts/big-button.tsx';
import type { IconName } from '../../parts/icon.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Modal } from '../../parts/modal.tsx';
import type { PanelScene } from '../view.ts';
import styles from './overlays.module.css';

/** One panel for everything about how the screen looks; it keeps the place and is forgotten with the person. */
export function DisplayOverlay({ scene, belowBand }: { readonly scene: PanelScene; readonly belowBand: boolean }) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const { textSize, contrast, motion, controlsLower } = snapshot.look;
  const close = () => say({ type: 'panel.close' });
  const choice = (label: string, current: boolean, intent: LookIntent) => (
    <BigButton
      key={label}
      kind="tool"
      label={label}
      current={current}
      icon={current ? 'check' : undefined}
      onPress={() => say(intent)}
    />
  );
  const sizes: readonly { readonly size: TextSize; readonly label: string }[] = [
    { size: 1, label: t('display.text.normal') },
    { size: 1.5, label: t('display.text.large') },
    { size: 2, label: t('display.text.largest') },
  ];
  return (
    <Modal
      title={t('display.title')}
      titleSpoken={textSize === 2}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={t('panel.done')} onPress={close} autoFocus />}
    >
      <div className={styles['settings']}>
        <Setting icon="textSize" label={t('display.text')}>
          {sizes.map(({ size, label }) => choice(label, textSize === size, { type: 'look.textSize', textSize: size }))}
        </Setting>
        <Setting icon="contrast" label={t('display.contrast')}>
          {choice(t('display.contrast.normal'), contrast === 'normal', { type: 'look.contrast', contrast: 'normal' })}
          {choice(t('display.contrast.high'), contrast === 'high', { type: 'look.contrast', contrast: 'high' })}
        </Setting>
        <Setting icon="motion" label={t('display.motion')}>
          {choice(t('display.motion.full'), motion === 'full', { type: 'look.motion', motion: 'full' })}
          {choice(t('display.motion.reduced'), motion === 'reduced', { type: 'look.motion', motion: 'reduced' })}
        </Setting>
        <Setting icon="lower" label={t('display.controls')}>
          {choice(t('display.controls.usual'), !controlsLower, { type: 'look.controlsLower', controlsLower: false })}
          {choice(t('display.controls.lower'), controlsLower, { type: 'look.controlsLower', controlsLower: true })}
        </Setting>
      </div>
    </Modal>
  );
}

function Setting({ icon, label, children }: { readonly icon: IconName; readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles['setting']} role="group" aria-label={label}>
      <span className={styles['settingName']}>
        <Icon name={icon} />
        {label}
      </span>
      <span className={styles['choices']} data-fits="">
        {children}
      </span>
    </div>
  );
}
