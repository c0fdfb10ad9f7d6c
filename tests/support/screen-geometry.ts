// What is measured on every screen, inside the page. One self-contained function, because it is sent there as text.

export interface GeometryFinding {
  readonly what: 'scrolls' | 'cut' | 'outside' | 'small' | 'close' | 'covered' | 'shrunk';
  readonly where: string;
}

export interface GeometryLimits {
  /** Least edge of anything that can be pressed, CSS pixels. */
  readonly targetPx: number;
  /** Least distance between two of them. */
  readonly gapPx: number;
  /** Least factor on type, of the factor the person chose. */
  readonly leastText: number;
}

/** Measures the shown screen. Runs in the page. */
export function measureScreen({ targetPx, gapPx, leastText }: GeometryLimits): readonly GeometryFinding[] {
  const findings: GeometryFinding[] = [];
  const nameOf = (element: Element): string => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    return `${element.tagName.toLowerCase()} “${words}”`;
  };
  const add = (what: GeometryFinding['what'], where: string) => findings.push({ what, where });
  const dialog = document.querySelector('dialog[open]');
  const top: Element = dialog ?? document.body;

  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) add('scrolls', 'the page');

  for (const place of top.querySelectorAll<HTMLElement>('[data-fits]')) {
    if (place.scrollHeight > place.clientHeight + 1 || place.scrollWidth > place.clientWidth + 1) add('cut', nameOf(place));
  }

  // Every run of text lies inside the panel, and inside whatever would cut it off.
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent === null || node.textContent?.trim() === '' || parent.closest('.only-spoken, [hidden], style, script') !== null)
      continue;
    if (getComputedStyle(parent).clipPath !== 'none' || parent.closest('[aria-hidden]')?.tagName === 'svg') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5)
      add('outside', nameOf(parent));
    for (let around: HTMLElement | null = parent; around !== null && around !== document.body; around = around.parentElement) {
      if (getComputedStyle(around).overflow === 'visible') continue;
      const edge = around.getBoundingClientRect();
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 2 || box.top < edge.top - 2)
        add('cut', nameOf(parent));
    }
  }

  // Targets: large enough, apart, and not under anything.
  const targets = [...top.querySelectorAll<HTMLElement>('button, input')]
    .filter((target) => target.getClientRects().length > 0)
    .map((target) => ({ target, box: target.getBoundingClientRect() }));
  for (const { target, box } of targets) {
    if (box.width < targetPx - 0.5 || box.height < targetPx - 0.5)
      add('small', `${nameOf(target)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`);
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (hit === null || !(target.contains(hit) || hit.contains(target) || target.closest('label')?.contains(hit)))
      add('covered', nameOf(target));
  }
  for (const [place, one] of targets.entries()) {
    for (const other of targets.slice(place + 1)) {
      const across = Math.max(one.box.left - other.box.right, other.box.left - one.box.right);
      const down = Math.max(one.box.top - other.box.bottom, other.box.top - one.box.bottom);
      if (Math.max(across, down) < gapPx - 0.6)
        add('close', `${nameOf(one.target)} and ${nameOf(other.target)} ${Math.max(across, down).toFixed(1)}`);
    }
  }

  // Words, frames and drawings of one row do not lie over each other.
  const apart = [...top.querySelectorAll<HTMLElement>('main > *, header > *, footer > *')].filter(
    (part) => part.getClientRects().length > 0,
  );
  for (const [place, one] of apart.entries()) {
    for (const other of apart.slice(place + 1)) {
      if (one.parentElement !== other.parentElement) continue;
      const a = one.getBoundingClientRect();
      const b = other.getBoundingClientRect();
      if (a.width * a.height * b.width * b.height === 0) continue;
      const over =
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
      if (over) add('covered', `${nameOf(one)} and ${nameOf(other)}`);
    }
  }

  const chosen = Number(root.dataset['text']);
  for (const part of top.querySelectorAll<HTMLElement>('[data-fit]')) {
    const factor = Number(part.style.getPropertyValue('--text')) / chosen;
    if (factor < leastText - 0.001) add('shrunk', `${part.tagName.toLowerCase()} ${factor.toFixed(2)}`);
  }
  return findings;
}
