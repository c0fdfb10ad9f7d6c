import { useEffect, useRef, useState } from 'react';
import type { PassClock } from '../../contract/snapshot.ts';
import type { Words } from '../words/words.ts';

const minuteMs = 60_000;
const marks = [10, 5, 2] as const;

/** Tells those who hear the screen that the pass runs out: at ten, five and two minutes, once each. */
export function PassAnnouncer({ clock, words }: { readonly clock: PassClock | null; readonly words: Words }) {
  const [told, setTold] = useState<{ readonly endsAtMs: number | null; readonly text: string }>({ endsAtMs: null, text: '' });
  const last = useRef<number | null>(null);
  const endsAtMs = clock?.kind === 'running' ? clock.endsAtMs : null;

  useEffect(() => {
    last.current = null;
    if (endsAtMs === null) return undefined;
    const look = () => {
      const minutes = (endsAtMs - Date.now()) / minuteMs;
      const passed = marks.findLast((mark) => minutes <= mark);
      if (passed === undefined || minutes <= 0 || last.current === passed) return;
      last.current = passed;
      setTold({ endsAtMs, text: words.t('strip.passEndsIn', { count: Math.ceil(minutes) }) });
    };
    const first = setTimeout(look, 0);
    const timer = setInterval(look, 5000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [endsAtMs, words]);

  return (
    <p className="only-spoken" role="status">
      {told.endsAtMs === endsAtMs ? told.text : ''}
    </p>
  );
}
