import { useEffect, useRef, useState } from 'react';
import styles from './sunrise.module.css';

interface SunriseProps {
  /** Whether the screen that is shown now is a night screen. */
  readonly dark: boolean;
  /** Whether the screen that is shown now brings the morning. */
  readonly rises: boolean;
}

/** The night that was on the screen before, pushed away as a circle that opens where the key's disc is. */
export function Sunrise({ dark, rises }: SunriseProps) {
  const night = useRef(false);
  const [shown, setShown] = useState(false);
  const overlay = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (rises && night.current) setShown(true);
    if (dark) night.current = true;
    else if (!rises) night.current = false;
  }, [dark, rises]);

  useEffect(() => {
    const element = overlay.current;
    const drawing = document.querySelector('main svg[role="img"]')?.getBoundingClientRect();
    if (!shown || element === null || drawing === undefined) return;
    element.style.setProperty('--disc-x', `${drawing.left + drawing.width / 2}px`);
    element.style.setProperty('--disc-y', `${drawing.top + drawing.height / 2}px`);
  }, [shown]);

  if (!shown || !rises) return null;
  return (
    <div
      ref={overlay}
      className={styles['night']}
      data-ground="deep"
      aria-hidden="true"
      onAnimationEnd={() => {
        night.current = false;
        setShown(false);
      }}
    />
  );
}
