import { useEffect } from 'react';

interface KeysOf {
  /** A panel lies over the screen and has keys of its own. */
  readonly covered: boolean;
  readonly goBack: () => void;
}

/** Keys for a page without a mouse: Escape goes back, arrows go from part to part, Enter goes on where nothing is focused. */
export function useKeys({ covered, goBack }: KeysOf): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || covered) return;
      if (event.key === 'Escape') goBack();
      else if (event.key === 'Enter' && isNowhere(document.activeElement)) pressPrimary();
      else if (arrows.has(event.key) && !ownsArrows(event.target)) {
        const forward =
          event.key === 'ArrowDown' || event.key === (document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight');
        moveFocus(forward ? 1 : -1);
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [covered, goBack]);
}

const arrows: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body || element.matches('[data-title]');
}

function pressPrimary(): void {
  document.querySelector<HTMLButtonElement>('[data-primary]')?.click();
}

/** Radio buttons have their own meaning for arrows. */
function ownsArrows(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'radio';
}

function moveFocus(step: 1 | -1): void {
  const parts = [...document.querySelectorAll<HTMLElement>('button, input')].filter(
    (part) => part.getClientRects().length > 0 && isStop(part),
  );
  if (parts.length === 0) return;
  const at = parts.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (step === 1 ? 0 : parts.length - 1) : (at + step + parts.length) % parts.length;
  parts[next]?.focus();
}

/** Of radio buttons, as with Tab, the chosen one stands for its question, and the first where none is chosen. */
function isStop(part: HTMLElement): boolean {
  if (!(part instanceof HTMLInputElement) || part.type !== 'radio') return true;
  const group = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].filter(({ name }) => name === part.name);
  return part === (group.find(({ checked }) => checked) ?? group[0]);
}
