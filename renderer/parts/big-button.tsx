import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './big-button.module.css';
import { Icon, type IconName } from './icon.tsx';
import { Mark } from './mark.tsx';

const c = classNamer(styles);

export type ButtonKind = 'primary' | 'second' | 'help' | 'quiet' | 'danger' | 'tool' | 'plainTool' | 'way' | 'start';

export interface BigButtonProps {
  readonly kind: ButtonKind;
  readonly label: string;
  readonly onPress: () => void;
  /** Before the word; only buttons that go on carry one after it. */
  readonly icon?: IconName | undefined;
  readonly iconAfter?: IconName | undefined;
  /** The button works on it: further presses are ignored. The words say so. */
  readonly busy?: string | null | undefined;
  /** Not yet: stays focusable, and a press only says why. */
  readonly notYet?: boolean | undefined;
  /** For a switch: whether it is on. */
  readonly pressed?: boolean | undefined;
  /** The language of the word, when it differs from the page's. */
  readonly lang?: string | undefined;
  readonly autoFocus?: boolean | undefined;
  readonly describedBy?: string | undefined;
  readonly current?: boolean | undefined;
}

/** The one button. Raised kinds can be pressed; a flat one can not yet. */
export function BigButton(props: BigButtonProps) {
  const {
    kind,
    label,
    onPress,
    icon,
    iconAfter,
    busy = null,
    notYet = false,
    pressed,
    lang,
    autoFocus,
    describedBy,
    current = false,
  } = props;
  const working = busy !== null;
  return (
    <button
      type="button"
      className={c('button', kind, working && 'busy', notYet && !working && 'not-yet', current && 'current')}
      onClick={() => {
        if (!working) onPress();
      }}
      aria-disabled={notYet || working ? true : undefined}
      aria-busy={working ? true : undefined}
      aria-pressed={pressed}
      aria-describedby={describedBy}
      aria-current={current ? 'true' : undefined}
      data-primary={kind === 'primary' || kind === 'start' ? '' : undefined}
      data-autofocus={autoFocus ? '' : undefined}
      lang={lang}
    >
      {working ? (
        <Face label={busy} before={<Mark kind="working" size={3.6} />} />
      ) : (
        <Face label={label} before={glyph(icon)} after={notYet ? null : glyph(iconAfter)} />
      )}
    </button>
  );
}

function glyph(icon: IconName | undefined): ReactNode {
  return icon === undefined ? null : <Icon name={icon} />;
}

function Face({
  label,
  before,
  after = null,
}: {
  readonly label: string;
  readonly before: ReactNode;
  readonly after?: ReactNode;
}) {
  return (
    <>
      {before}
      <span className={c('word')}>{label}</span>
      {after}
    </>
  );
}
