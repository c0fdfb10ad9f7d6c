import type { ReactNode } from 'react';
import { classNamer } from '../look/class-names.ts';
import styles from './stage.module.css';
import { useFit } from './use-fit.ts';

const c = classNamer(styles);

export type TitleSize = 'title' | 'display' | 'works' | 'besidePage';

interface SayProps {
  readonly title: string;
  /** The headline is heard but not drawn, where a keyboard needs its room. */
  readonly titleSpoken?: boolean;
  readonly size?: TitleSize;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

/** Headline, one sentence, and what belongs under it. */
export function Say({ title, titleSpoken = false, size = 'title', lead = null, children }: SayProps) {
  return (
    <section className={c('say')} data-fits="">
      <div key={title} className={c('words')}>
        <h1 className={titleSpoken ? 'only-spoken' : c('heading', size !== 'title' && size)} tabIndex={-1} data-title="">
          {title}
        </h1>
        {lead === null ? null : <p className={c('lead')}>{lead}</p>}
        {children}
      </div>
    </section>
  );
}

interface StageProps {
  readonly textSize: number;
  readonly say: ReactNode;
  readonly show: ReactNode;
}

/** Say and show: words at the start, the drawing at the end; on a tall panel words on top. */
export function Halves({ textSize, say, show }: StageProps) {
  return (
    <Stage textSize={textSize} arrangement="halves">
      {say}
      <div className={c('show')}>{show}</div>
    </Stage>
  );
}

export type Arrangement =
  | 'halves'
  | 'whole'
  | 'withRoute'
  | 'withPad'
  | 'withKeyboard'
  | 'withPage'
  | 'withPageAndStatus'
  | 'withPageAndKeyboard'
  | 'done';

/** The place between rail and action row. It shows itself whole, drawn leaner when words are long. */
export function Stage({
  textSize,
  arrangement,
  children,
}: {
  readonly textSize: number;
  readonly arrangement: Arrangement;
  readonly children: ReactNode;
}) {
  const stage = useFit<HTMLElement>(textSize);
  return (
    <main ref={stage} className={c('stage', arrangement)}>
      {children}
    </main>
  );
}

/** A place on the stage whose content is centred in height. */
export function Column({
  children,
  place = 'centre',
}: {
  readonly children: ReactNode;
  readonly place?: 'centre' | 'start' | 'fill';
}) {
  return (
    <div className={c('column', `column-${place}`)} data-fits="">
      {children}
    </div>
  );
}
