import { Mark } from '../parts/mark.tsx';
import styles from './waiting.module.css';

/** What the desk waits for, with a turning ring: never a spinner without a sentence. */
export function Waiting({ words }: { readonly words: string }) {
  return (
    <span className={styles['waiting']}>
      <Mark kind="working" size={4.4} />
      <span>{words}</span>
    </span>
  );
}
