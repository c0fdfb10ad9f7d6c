import { useState } from 'react';
import type { PracticeIntent, PracticeKey, PracticeTouch } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { TrayKey } from '../parts/drawings/tray-key.tsx';
import { useWords } from '../words/use-words.ts';
import type { Words } from '../words/words.ts';
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
  // Several may blink at once, for the person to touch the one they mean.
  const lit = keys.filter((key) => key.state === 'blinking');
  const blinking = lit.find((key) => key.id === pickedId) ?? lit[0];
  const picked = blinking ?? keys.find((key) => key.id === pickedId) ?? keys.find((key) => key.state !== 'inTray') ?? keys[0];
  return (
    <section className={c('tray')} data-ground={blinking === undefined ? 'paper' : 'deep'} aria-labelledby="practice-keys">
      <h2 id="practice-keys" className="only-spoken">
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
            <TrayKey plug={key.plug} kind={key.kind} state={key.state} />
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
  const inTray = picked.state === 'inTray';
  const touch = (how: PracticeTouch) => say({ type: 'key.touch', keyId, how });
  const others = picked.touches.filter((how) => how !== 'finger');
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
        {inTray ? (
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
            <PracticeButton kind="main" icon="touch" label={t('practice.key.touch')} onPress={() => touch('finger')} />
            <PracticeButton icon="eject" label={t('practice.key.takeOut')} onPress={() => say({ type: 'key.takeOut', keyId })} />
          </>
        )}
      </div>
      {others.length === 0 ? null : (
        <div className={c('acts', 'others')}>
          {others.map((how) => (
            <PracticeButton key={how} label={t(`practice.key.${how}`)} disabled={inTray} onPress={() => touch(how)} />
          ))}
        </div>
      )}
    </div>
  );
}

function stateWords({ t }: Words, key: PracticeKey): string {
  return t(key.state === 'blinking' ? 'practice.key.blinking' : 'practice.key.inPort');
}

function kindWords({ t }: Words, { kind, startingPin }: PracticeKey): string {
  const words = t(`practice.key.${kind}`);
  // A PIN that helps no more is not told.
  return startingPin === null || kind === 'locked' ? words : `${words} · ${t('practice.key.pin', { pin: startingPin })}`;
}
