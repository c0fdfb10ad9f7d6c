import { classNamer } from '../look/class-names.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import styles from './practice-button.module.css';

const c = classNamer(styles);

interface PracticeButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly icon?: IconName;
  readonly kind?: 'main' | 'plain';
  readonly disabled?: boolean;
  readonly submit?: boolean;
}

/** The practice desk's own smaller button. */
export function PracticeButton({ label, onPress, icon, kind = 'plain', disabled = false, submit = false }: PracticeButtonProps) {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className={c('button', kind === 'main' && 'main')}
      disabled={disabled}
      onClick={submit ? undefined : onPress}
    >
      {icon === undefined ? null : <Icon name={icon} size={1.1} />}
      {label}
    </button>
  );
}
