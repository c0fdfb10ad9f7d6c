import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './modal.module.css';
import { useFit } from './use-fit.ts';

const c = classNamer(styles);

interface ModalProps {
  readonly title: string;
  /** The title is heard but not drawn, where large text needs its room. */
  readonly titleSpoken?: boolean;
  /** A drawing or a ring at the start side. */
  readonly show?: ReactNode;
  readonly children: ReactNode;
  /** The safe answer first: it is focused. */
  readonly buttons: ReactNode;
  /** The world band stays free above the veil. */
  readonly belowBand: boolean;
  readonly assertive?: boolean;
  readonly textSize: number;
  /** Escape, where the dialog has a calm way out. */
  readonly onEscape: () => void;
}

/** The browser's own modal dialog: what lies behind can be neither reached nor read aloud. */
export function Modal({
  title,
  titleSpoken = false,
  show = null,
  children,
  buttons,
  belowBand,
  assertive = false,
  textSize,
  onEscape,
}: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  // Opened before it is measured: a closed dialog has no size.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const open = () => {
      if (!element.open) element.showModal();
      element.querySelector<HTMLElement>('[data-autofocus]')?.focus({ preventScroll: true });
    };
    open();
    // Only a new picture from the desk takes a dialog away; the browser's own ways of closing one do not.
    element.addEventListener('close', open);
    return () => {
      element.removeEventListener('close', open);
      element.close();
    };
  }, []);
  const box = useFit<HTMLDivElement>(textSize);

  return (
    <dialog
      ref={dialog}
      data-ground="paper"
      className={c('dialog', belowBand && 'below-band')}
      aria-labelledby="dialog-title"
      role={assertive ? 'alertdialog' : undefined}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onEscape();
      }}
    >
      <div ref={box} className={c('box')} data-fits="">
        {show}
        <div className={c('say')}>
          <h2 id="dialog-title" className={titleSpoken ? 'only-spoken' : c('title')}>
            {title}
          </h2>
          <div className={c('words')}>{children}</div>
          <div className={c('buttons')}>{buttons}</div>
        </div>
      </div>
    </dialog>
  );
}
