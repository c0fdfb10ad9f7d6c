import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import { Logo } from './logo.tsx';
import styles from './shell-strip.module.css';
import { useFit } from './use-fit.ts';

const c = classNamer(styles);

interface ShellStripProps {
  readonly wordmark: string;
  /** The verified host, while Microsoft's page is shown. */
  readonly host: ReactNode;
  /** Pass clock and tools, in reading order. */
  readonly children: ReactNode;
  /** The attract and closed screens have no ground of their own under the strip. */
  readonly bare: boolean;
  readonly textSize: number;
  readonly name: string;
}

/** The desk's own bar, which no page can touch. */
export function ShellStrip({ wordmark, host, children, bare, textSize, name }: ShellStripProps) {
  const strip = useFit<HTMLElement>(textSize);
  return (
    <header ref={strip} className={c('strip', bare && 'bare', host !== null && 'with-host')} aria-label={name} data-fits="">
      <span className={c('brand')}>
        <span className={c('logo')}>
          <Logo />
        </span>
        <span className={c('wordmark')}>{wordmark}</span>
      </span>
      {host === null ? null : (
        <span className={c('host')} data-fits="">
          {host}
        </span>
      )}
      <span className={c('tools')}>{children}</span>
    </header>
  );
}

/** The tools of the strip in a row of their own. */
export function ToolRow({
  children,
  textSize,
  name,
}: {
  readonly children: ReactNode;
  readonly textSize: number;
  readonly name: string;
}) {
  const row = useFit<HTMLDivElement>(textSize);
  return (
    <div ref={row} className={c('toolRow')} role="group" aria-label={name} data-fits="">
      <span className={c('tools')}>{children}</span>
    </div>
  );
}
