import { useSyncExternalStore } from 'react';
import { fitFormat, type Fitting } from './format.ts';

let last: Fitting = fitFormat(1920, 1080);

/** The page's format and scale, following its real size. */
export function useFormat(): Fitting {
  return useSyncExternalStore(subscribe, current);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}

function current(): Fitting {
  const { innerWidth, innerHeight } = window;
  const next = innerWidth > 0 && innerHeight > 0 ? fitFormat(innerWidth, innerHeight) : last;
  if (next.format !== last.format || next.scale !== last.scale) last = next;
  return last;
}
