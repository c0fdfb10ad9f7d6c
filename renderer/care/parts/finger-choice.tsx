import { BigButton } from '../../parts/big-button.tsx';
import type { Words } from '../../words/words.ts';
import styles from './finger-choice.module.css';

const hands = ['left', 'right'] as const;
const fingers = ['thumb', 'index', 'middle', 'ring', 'little'] as const;

interface FingerChoiceProps {
  readonly words: Words;
  readonly onChoose: (name: string) => void;
}

/** Ten fingers, hand by hand. */
export function FingerChoice({ words, onChoose }: FingerChoiceProps) {
  const { t } = words;
  return (
    <div className={styles['hands']}>
      {hands.map((hand) => (
        <div key={hand} role="group" aria-label={t(`care.hand.${hand}`)} className={styles['hand']}>
          <h2 className={styles['name']}>{t(`care.hand.${hand}`)}</h2>
          {fingers.map((finger) => {
            const name = t(`care.finger.${hand}.${finger}`);
            return <BigButton key={finger} kind="second" label={name} onPress={() => onChoose(name)} />;
          })}
        </div>
      ))}
    </div>
  );
}
