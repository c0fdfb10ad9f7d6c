import { useEffect, useRef, type RefObject } from 'react';

/** A new screen starts at its headline, for those who hear it and for those who use keys. */
export function useTitleFocus(screen: RefObject<HTMLDivElement | null>, kind: string, title: string): void {
  const shown = useRef('');
  useEffect(() => {
    const now = `${kind} ${title}`;
    if (shown.current === now) return;
    const first = shown.current === '';
    const sameScreen = shown.current.startsWith(`${kind} `);
    shown.current = now;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (first || (sameScreen && !lost)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    screen.current?.querySelector<HTMLElement>('[data-title]')?.focus({ preventScroll: true });
  });
}
