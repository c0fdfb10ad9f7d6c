import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Frame } from '../../contract/intent.ts';
import { classNamer } from '../look/class-names.ts';
import { Mark } from './mark.tsx';
import styles from './page-frame.module.css';

const c = classNamer(styles);

interface PageFrameProps {
  /** The desk could not verify who sent the page; it stays covered. */
  readonly unverified?: boolean;
  /** Shown until Microsoft's page covers the place. */
  readonly words: string;
  /** Told the place inside the frame whenever it changed, in CSS pixels of this page. */
  readonly onFrame: (frame: Frame) => void;
  /** Changes with every showing of a screen, so that each one reports its frame. */
  readonly visit: number;
}

/** The place that Microsoft's page is laid over. The frame has the colour of the host pill: this colour is this address. */
export function PageFrame({ words, unverified = false, onFrame, visit }: PageFrameProps) {
  const place = useRef<HTMLDivElement>(null);
  const reported = useRef('');
  const report = useRef(onFrame);
  useLayoutEffect(() => {
    report.current = onFrame;
  });

  // A frame that is gone leaves no room: without this the page would stay over whatever is drawn there next.
  useEffect(
    () => () => {
      reported.current = '';
      report.current({ x: 0, y: 0, width: 0, height: 0 });
    },
    [],
  );

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const tell = () => {
      const frame = frameOf(element);
      const text = JSON.stringify([visit, frame]);
      if (text === reported.current || frame.width === 0 || frame.height === 0) return;
      reported.current = text;
      report.current(frame);
    };
    const watcher = new ResizeObserver(tell);
    watcher.observe(element);
    window.addEventListener('resize', tell);
    tell();
    return () => {
      watcher.disconnect();
      window.removeEventListener('resize', tell);
    };
  });

  return (
    <div className={c('frame', unverified && 'unverified')}>
      <div ref={place} className={c('place')}>
        {unverified ? <Mark kind="stop" size={12} /> : null}
        <p className={c('words')}>{words}</p>
      </div>
    </div>
  );
}

/** Rounded inwards, so that the page never covers its own frame. */
function frameOf(element: HTMLElement): Frame {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const x = Math.max(0, Math.ceil(left));
  const y = Math.max(0, Math.ceil(top));
  return { x, y, width: Math.max(0, Math.floor(right) - x), height: Math.max(0, Math.floor(bottom) - y) };
}
