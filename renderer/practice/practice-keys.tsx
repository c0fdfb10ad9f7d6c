import { useState } from 'react';
import type { PracticeIntent, PracticeKey } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { Drawing } from '../parts/drawings/drawing.tsx';
import { KeyShape } from '../parts/drawings/key-shape.tsx';
import { useWords, type Words } from '../words/words.ts';
import { PracticeButton } from './practice-button.tsx';
import styles from './practice-keys.module.css';

const c = classNamer(styles);

interface PracticeKeysProps {
  readonly keys: readonly PracticeKey[];
  readonly say: (intent: PracticeIntent) => void;
}

/** The tray: pick a key, plug it in, touch it, take it out. A key that blinks turns its place to night. */
export function PracticeKeys({ keys, say }: PracticeKeysProps) {
  const words = useWords();
  const { t } = words;
  const [pickedId, setPickedId] = useState<string | null>(null);
  const blinking = keys.find((key) => key.state === 'blinking');
  const picked = blinking ?? keys.find((key) => key.id === pickedId) ?? keys.find((key) => key.state !== 'inTray') ?? keys[0];
  return (
    <section className={c('tray')} data-ground={blinking === undefined ? 'paper' : 'deep'} aria-labelledby="practice-keys">
      <h2 id="practice-keys" className={c('title')}>
        {t('practice.keys.title')}
      </h2>
      <div className={c('keys')}>
        {keys.map((key) => (
          <button
            key={key.id}
            type="button"
            className={c('key', key.state !== 'inTray' && 'inPort', key.id === picked?.id && 'picked')}
            aria-pressed={key.id === picked?.id}
            aria-label={`${key.name}, ${kindWords(words, key)}${key.state === 'inTray' ? '' : `, ${stateWords(words, key)}`}`}
            onClick={() => setPickedId(key.id)}
          >
            <Drawing name={null} width={170} height={400}>
              <g transform="translate(85 222)">
                <KeyShape
                  plug={key.plug === 'usb-c' ? 'usb-c' : 'usb-a'}
                  state={
                    key.state === 'blinking' ? 'glowing' : key.kind === 'locked' || key.kind === 'u2f' ? 'refused' : 'resting'
                  }
                />
              </g>
            </Drawing>
          </button>
        ))}
      </div>
      {picked === undefined ? null : <Picked picked={picked} say={say} words={words} />}
    </section>
  );
}

interface PickedProps {
  readonly picked: PracticeKey;
  readonly say: (intent: PracticeIntent) => void;
  readonly words: Words;
}

function Picked({ picked, say, words }: PickedProps) {
  const { t } = words;
  const keyId = picked.id;
  return (
    <div className={c('about')}>
      <p className={c('aboutWords')} aria-live="polite">
        <b>
          <bdi dir="ltr">{picked.name}</bdi>
        </b>
        <span>
          {kindWords(words, picked)}
          {picked.state === 'inTray' ? '' : ` · ${stateWords(words, picked)}`}
        </span>
      </p>
      <div className={c('acts')}>
        {picked.state === 'inTray' ? (
          <>
            <PracticeButton
              kind="main"
              icon="plugIn"
              label={t('practice.key.plugIn')}
              onPress={() => say({ type: 'key.plugIn', keyId })}
            />
            <PracticeButton label={t('practice.key.renew')} onPress={() => say({ type: 'key.renew', keyId })} />
          </>
        ) : (
          <>
            <PracticeButton
              kind="main"
              icon="touch"
              label={t('practice.key.touch')}
              onPress={() => say({ type: 'key.touch', keyId })}
            />
            <PracticeButton icon="eject" label={t('practice.key.takeOut')} onPress={() => say({ type: 'key.takeOut', keyId })} />
          </>
        )}
      </div>
    </div>
  );
}

function stateWords({ t }: Words, key: PracticeKey): string {
  return t(key.state === 'blinking' ? 'practice.key.blinking' : 'practice.key.inPort');
}

function kindWords({ t }: Words, { kind, startingPin }: PracticeKey): string {
  switch (kind) {
    case 'modern':
    case 'ctap20':
    case 'u2f':
    case 'locked':
    case 'full':
      return t(`practice.key.${kind}`);
    case 'pinSet':
    case 'mustChange':
      return startingPin === null ? t(`practice.key.${kind}Unknown`) : t(`practice.key.${kind}`, { pin: startingPin });
    default: {
      const never: never = kind;
      return never;
    }
  }
}
