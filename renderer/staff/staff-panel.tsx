import { BigButton } from '../parts/big-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Modal } from '../parts/modal.tsx';
import { DisplayOverlay } from '../screens/overlays/display.tsx';
import { LanguageOverlay } from '../screens/overlays/language.tsx';
import overlayStyles from '../screens/overlays/overlays.module.css';
import type { PlainMessageId } from '../words/words.ts';
import type { StaffPanel, StaffPicture, StaffScene } from './staff-view.ts';

type PanelScene = Pick<StaffScene<StaffPicture, never>, 'snapshot' | 'words' | 'say'>;

interface StaffPanelProps {
  readonly scene: PanelScene;
  readonly panel: StaffPanel;
  readonly help: PlainMessageId;
}

/** Whatever lies over the screen now. */
export function StaffPanelOf({ scene, panel, help }: StaffPanelProps) {
  const belowBand = scene.snapshot.world !== 'field';
  switch (panel) {
    case 'help':
      return <StaffHelp scene={scene} belowBand={belowBand} help={help} />;
    case 'language':
      return <LanguageOverlay scene={scene} belowBand={belowBand} />;
    case 'display':
      return <DisplayOverlay scene={scene} belowBand={belowBand} />;
    default:
      return panel satisfies never;
  }
}

interface StaffHelpProps {
  readonly scene: PanelScene;
  readonly belowBand: boolean;
  readonly help: PlainMessageId;
}

function StaffHelp({ scene, belowBand, help }: StaffHelpProps) {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const close = () => say({ type: 'panel.close' });
  return (
    <Modal
      title={t('help.title')}
      textSize={snapshot.look.textSize}
      belowBand={belowBand}
      onEscape={close}
      buttons={<BigButton kind="primary" label={t('help.goOn')} onPress={close} autoFocus />}
    >
      <p>{t(help)}</p>
      <p className={overlayStyles['small']}>{t('help.keys')}</p>
      <p className={overlayStyles['call']}>
        <Icon name="call" size={1} />
        <span>
          {t('technician.call')} <bdi dir="ltr">{snapshot.contact}</bdi>
        </span>
      </p>
    </Modal>
  );
}
