import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** One way to draw a part: `spare` lines left out or not, and a factor on the person's text size. */
export interface FitStep {
  readonly spare: boolean;
  readonly text: number;
}

const asDrawn: FitStep = { spare: true, text: 1 };

/** From the full drawing to the leanest: spare lines go first, then type shrinks by steps, never below its size at text size 1. */
export function fitSteps(textSize: number): readonly FitStep[] {
  const steps: FitStep[] = [asDrawn, { spare: false, text: 1 }];
  for (let text = textSize - 0.1; text > 0.86; text -= 0.1) steps.push({ spare: false, text: Math.max(text, 0.9) / textSize });
  return steps;
}

/** How the parts on the page fit themselves. A part that becomes taller takes the room of the others, so they fit anew with it. */
const fittings = new Map<Element, () => void>();

/**
 * Makes a part show itself whole: nothing scrolls on a person's screen, so when words are longer than their place the part is
 * drawn leaner, step by step, until it fits. The result goes on the part; `data-fit` tells style sheets and tests the step.
 */
export function useFit<Part extends HTMLElement>(textSize: number): RefObject<Part | null> {
  const part = useRef<Part>(null);
  const height = useRef(0);
  const [changes, setChanges] = useState(0);

  useEffect(() => {
    const element = part.current;
    if (element === null) return undefined;
    const changed = () => setChanges((count) => count + 1);
    const watcher = new ResizeObserver(changed);
    watcher.observe(element);
    // Words are measured again once their own face has come in.
    document.fonts.addEventListener('loadingdone', changed);
    return () => {
      watcher.disconnect();
      document.fonts.removeEventListener('loadingdone', changed);
    };
  }, []);

  // Runs after every drawing and before it is seen: whatever changed, the first step that fits is the right one.
  useLayoutEffect(() => {
    const element = part.current;
    if (element === null) return undefined;
    const steps = fitSteps(textSize);
    const fit = () => fitTo(element, steps, textSize);
    fit();
    fittings.set(element, fit);
    if (element.offsetHeight !== height.current) {
      height.current = element.offsetHeight;
      for (const [other, fitOther] of fittings) if (other !== element) fitOther();
    }
    return () => {
      fittings.delete(element);
    };
  });
  void changes;
  return part;
}

function fitTo(element: HTMLElement, steps: readonly FitStep[], textSize: number): void {
  for (const [place, step] of steps.entries()) {
    element.dataset['fit'] = String(place);
    element.toggleAttribute('data-lean', !step.spare);
    element.style.setProperty('--text', String(textSize * step.text));
    if (!overflows(element)) return;
  }
}

function overflows(element: HTMLElement): boolean {
  // Only places of words count: a drawing may spill over its box on purpose.
  const places = [...element.querySelectorAll<HTMLElement>('[data-fits]')];
  if (element.hasAttribute('data-fits')) places.push(element);
  return (
    entersPadding(element) ||
    places.some(
      (place) => place.scrollHeight > place.clientHeight + 1 || place.scrollWidth > place.clientWidth + 1 || entersPadding(place),
    )
  );
}

/** Whether a child reaches into the air its parent keeps at the end of the line or at the foot. */
function entersPadding(place: HTMLElement): boolean {
  const style = getComputedStyle(place);
  const box = place.getBoundingClientRect();
  const end =
    style.direction === 'rtl' ? -(box.left + parseFloat(style.paddingLeft)) : box.right - parseFloat(style.paddingRight);
  const foot = box.bottom - parseFloat(style.paddingBottom);
  return [...place.children].some((child) => {
    const { left, right, bottom, width } = child.getBoundingClientRect();
    if (width <= 1 || getComputedStyle(child).position === 'absolute') return false;
    return (style.direction === 'rtl' ? -left : right) > end + 1 || bottom > foot + 1;
  });
}
