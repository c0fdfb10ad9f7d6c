import type { ReactNode } from 'react';
import type { CareDeed, CareSetting } from '../../../contract/care.ts';
import { BigButton } from '../../parts/big-button.tsx';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Modal } from '../../parts/modal.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { PlainMessageId, Words } from '../../words/words.ts';
import type { CareScreenView } from '../care-view.ts';
import { accountName, fingerName, siteOf } from './lists.tsx';

/** Says what is lost before it is lost; keeping it is the primary and focused answer. */
export const confirmView: CareScreenView<'confirm'> = (screen, { words, snapshot, say }) => {
  const { t } = words;
  const { title, lost, go, about } = questionOf(screen.deed, words);
  const keep = () => say({ type: 'back' });
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={<Say title={screen.key.model} />}
        show={<KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />}
      />
    ),
    question: (
      <Modal
        title={title}
        textSize={snapshot.look.textSize}
        belowBand={snapshot.world !== 'field'}
        onEscape={keep}
        buttons={
          <>
            <BigButton kind="primary" label={t('care.keep')} onPress={keep} autoFocus />
            <BigButton kind="danger" label={go} onPress={() => say({ type: 'confirm' })} />
          </>
        }
      >
        {about === null ? null : <p>{about}</p>}
        <p>{lost}</p>
      </Modal>
    ),
  };
};

interface Question {
  readonly title: string;
  /** The account, finger or number it is about. */
  readonly about: ReactNode;
  readonly lost: string;
  readonly go: string;
}

function questionOf(deed: CareDeed, words: Words): Question {
  const { t } = words;
  switch (deed.deed) {
    case 'deleteAccount':
      return {
        title: t('care.confirm.account.title'),
        about: (
          <b>
            <bdi>{accountName(deed.account, words)}</bdi> · <bdi>{siteOf(deed.account, words)}</bdi>
          </b>
        ),
        lost: t('care.confirm.account.lost'),
        go: t('care.confirm.account.go'),
      };
    case 'removeFingerprint':
      return {
        title: t('care.confirm.finger.title'),
        about: (
          <b>
            <bdi>{fingerName(deed.fingerprint, words)}</bdi>
          </b>
        ),
        lost: t('care.confirm.finger.lost'),
        go: t('care.confirm.finger.go'),
      };
    case 'configure':
      return {
        title: t(settingTitles[deed.change.setting]),
        about:
          deed.change.setting === 'minPinLength' ? <b>{t('care.fact.pinLength.least', { min: deed.change.length })}</b> : null,
        lost: t(`care.confirm.${deed.change.setting}.lost`),
        go: t('care.confirm.setting.go'),
      };
    case 'erase':
      return {
        title: t('care.confirm.erase.title'),
        about: null,
        lost: t('care.confirm.erase.lost'),
        go: t('care.confirm.erase.go'),
      };
    case 'setPin':
    case 'changePin':
    case 'readAccounts':
    case 'readFingerprints':
    case 'teach':
    case 'rename':
      throw new Error(`key care: nothing is lost by ${deed.deed}`);
    default:
      return deed satisfies never;
  }
}

const settingTitles = {
  minPinLength: 'care.confirm.minPinLength.title',
  forcePinChange: 'care.confirm.forcePinChange.title',
  alwaysUv: 'care.confirm.alwaysUv.title',
  enterpriseAttestation: 'care.confirm.enterpriseAttestation.title',
  longTouchReset: 'care.confirm.longTouchReset.title',
} as const satisfies Record<CareSetting['setting'], PlainMessageId>;
