import { useState } from 'react';
import type { CareKey, CareSetting } from '../../../contract/care.ts';
import { limits } from '../../../contract/limits.ts';
import { BigButton } from '../../parts/big-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { CareScene, CareScreenView } from '../care-view.ts';
import { Board, BoardTitle, Card, Row, Rows } from '../parts/table.tsx';
import { pagedRows } from '../../screens/paged-rows.ts';
import styles from './settings.module.css';

/** Only what this key offers; whatever can not be taken back is asked about again. */
export const settingsView: CareScreenView<'settings'> = (screen, scene) => {
  const { words, snapshot } = scene;
  const { t } = words;
  const title = t('care.settings.title');
  const { rows, turn } = pagedRows(scene, settingsOf(screen.key));
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Board textSize={snapshot.look.textSize} head={<BoardTitle title={title} line={t('care.settings.stay')} />} beside={null}>
        <Card title={null}>
          <Rows name={title}>
            {rows.map((setting) => (
              <SettingRow key={setting} setting={setting} keyShown={screen.key} scene={scene} />
            ))}
          </Rows>
        </Card>
      </Board>
    ),
  };
};

type SettingName = CareSetting['setting'];

function settingsOf({ offers, pin }: CareKey): readonly SettingName[] {
  return [
    ...(offers.includes('minPinLength') ? (['minPinLength'] as const) : []),
    // Both come with the same command of the key; a key without a PIN has nothing to change.
    ...(offers.includes('minPinLength') && pin === 'set' ? (['forcePinChange'] as const) : []),
    ...(offers.includes('alwaysUv') ? (['alwaysUv'] as const) : []),
    ...(offers.includes('enterpriseAttestation') ? (['enterpriseAttestation'] as const) : []),
    ...(offers.includes('longTouchReset') ? (['longTouchReset'] as const) : []),
  ];
}

interface SettingRowProps {
  readonly setting: SettingName;
  readonly keyShown: CareKey;
  readonly scene: CareScene;
}

function SettingRow({ setting, keyShown, scene }: SettingRowProps) {
  const { words, say } = scene;
  const { t } = words;
  const change = (wanted: CareSetting) => say({ type: 'setting.change', change: wanted });
  const name = t(`care.setting.${setting}`);
  const small = t(`care.setting.${setting}.small`);
  switch (setting) {
    case 'minPinLength':
      return <LengthRow name={name} small={small} keyShown={keyShown} scene={scene} />;
    case 'alwaysUv': {
      const on = hasOption(keyShown, 'alwaysUv');
      return (
        <Row
          name={name}
          small={small}
          action={
            <BigButton
              kind="tool"
              label={t(on ? 'care.setting.turnOff' : 'care.setting.turnOn')}
              onPress={() => change({ setting, on: !on })}
            />
          }
        />
      );
    }
    case 'enterpriseAttestation':
    case 'longTouchReset':
      // Nothing turns these off again but erasing (CTAP 2.3 §6.11.1, §6.11.5).
      if (setting === 'longTouchReset' ? keyShown.longTouchForReset : hasOption(keyShown, 'ep'))
        return <Row name={name} small={small} action={<b>{t('care.setting.isOn')}</b>} />;
      return (
        <Row
          name={name}
          small={small}
          action={<BigButton kind="tool" label={t('care.setting.turnOn')} onPress={() => change({ setting })} />}
        />
      );
    case 'forcePinChange':
      return (
        <Row
          name={name}
          small={small}
          action={<BigButton kind="tool" label={t('care.setting.turnOn')} onPress={() => change({ setting })} />}
        />
      );
    default:
      return setting satisfies never;
  }
}

const hasOption = ({ technical }: CareKey, name: string): boolean =>
  technical.options.some((option) => option.name === name && option.on);

/** The length goes up only: a key never takes a smaller one. */
function LengthRow({
  name,
  small,
  keyShown,
  scene,
}: Omit<SettingRowProps, 'setting'> & { readonly name: string; readonly small: string }) {
  const { words, say } = scene;
  const { t } = words;
  const least = Math.min(keyShown.minPinLength + 1, limits.pinBytes);
  const most = Math.min(keyShown.maxPinLength, limits.pinBytes);
  const [length, setLength] = useState(Math.max(least, 6));
  return (
    <Row
      name={name}
      small={small}
      action={
        <span className={styles['stepper']}>
          <button
            type="button"
            className={styles['step']}
            aria-label={t('care.setting.shorter')}
            aria-disabled={length <= least ? true : undefined}
            onClick={() => setLength(Math.max(least, length - 1))}
          >
            −
          </button>
          <output className={styles['length']} aria-label={name}>
            {length}
          </output>
          <button
            type="button"
            className={styles['step']}
            aria-label={t('care.setting.longer')}
            aria-disabled={length >= most ? true : undefined}
            onClick={() => setLength(Math.min(most, length + 1))}
          >
            +
          </button>
          <button
            type="button"
            className={styles['apply']}
            onClick={() => say({ type: 'setting.change', change: { setting: 'minPinLength', length, forceChange: false } })}
          >
            <Icon name="check" size={0.9} />
            <span>{t('care.setting.apply')}</span>
          </button>
        </span>
      }
    />
  );
}
