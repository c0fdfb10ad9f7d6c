import { BigButton } from '../../parts/big-button.tsx';
import type { Words } from '../../words/words.ts';
import { fingers, hands, nameOnKey } from '../finger-names.ts';
import styles from './finger-choice.module.css';

interface FingerChoiceProps {
  readonly words: Words;
  /** Gets the name as it goes onto the key. */
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
          {fingers.map((finger) => (
            <BigButton
              key={finger}
              kind="second"
              label={t(`care.finger.${hand}.${finger}`)}
              onPress={() => onChoose(nameOnKey(hand, finger))}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
