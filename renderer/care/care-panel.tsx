import type { CarePanel, CareScreenKind } from '../../contract/care.ts';
import { BigButton } from '../parts/big-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Modal } from '../parts/modal.tsx';
import { DisplayOverlay } from '../screens/overlays/display.tsx';
import { LanguageOverlay } from '../screens/overlays/language.tsx';
import overlayStyles from '../screens/overlays/overlays.module.css';
import type { PlainMessageId } from '../words/words.ts';
import type { CareScene } from './care-view.ts';

/** Whatever lies over the screen now. */
export function CarePanelOf({ scene, panel }: { readonly scene: CareScene; readonly panel: CarePanel }) {
  const belowBand = scene.snapshot.world !== 'field';
  switch (panel) {
    case 'help':
      return <CareHelp scene={scene} belowBand={belowBand} />;
    case 'language':
      return <LanguageOverlay scene={scene} belowBand={belowBand} />;
    case 'display':
      return <DisplayOverlay scene={scene} belowBand={belowBand} />;
    default:
      return panel satisfies never;
  }
}

function CareHelp({ scene, belowBand }: { readonly scene: CareScene; readonly belowBand: boolean }) {
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
      <p>{t(helpOf(snapshot.screen.kind))}</p>
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

function helpOf(kind: CareScreenKind): PlainMessageId {
  switch (kind) {
    case 'insert':
    case 'several':
    case 'reading':
    case 'unreadable':
      return 'care.help.key';
    case 'pin':
    case 'lastTry':
      return 'care.help.pin';
    case 'hand':
    case 'erasing':
      return 'care.help.erase';
    case 'touch':
    case 'teach':
      return 'care.help.touch';
    case 'key':
    case 'accounts':
    case 'fingerprints':
    case 'settings':
    case 'confirm':
    case 'working':
    case 'trouble':
      return 'care.help.tasks';
    default:
      return kind satisfies never;
  }
}
