import { useId, type ReactNode } from 'react';
import { classNamer } from '../../look/class-names.ts';
import { useFit } from '../../parts/use-fit.ts';
import styles from './table.module.css';

const c = classNamer(styles);

interface BoardProps {
  readonly textSize: number;
  /** Facts or rows; the wide part. */
  readonly children: ReactNode;
  /** What can be done, beside them. */
  readonly beside: ReactNode;
}

/** A headline over a wide part and a narrow one; on a tall panel they stand under each other. */
export function Board({ textSize, head, children, beside }: BoardProps & { readonly head: ReactNode }) {
  const board = useFit<HTMLElement>(textSize);
  return (
    <main ref={board} className={c('board', beside !== null && 'with-beside')}>
      <div className={c('head')} data-fits="">
        {head}
      </div>
      <div className={c('wide')} data-fits="">
        {children}
      </div>
      {beside === null ? null : (
        <div className={c('beside')} data-fits="">
          {beside}
        </div>
      )}
    </main>
  );
}

/** The headline of a board, with one plain line under it. */
export function BoardTitle({ title, line = null }: { readonly title: string; readonly line?: ReactNode }) {
  return (
    <>
      <h1 className={c('title')} tabIndex={-1} data-title="">
        {title}
      </h1>
      {line === null ? null : <p className={c('line')}>{line}</p>}
    </>
  );
}

/** White ground for what belongs together. */
export function Card({ title, children }: { readonly title: string | null; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={c('card')} aria-labelledby={title === null ? undefined : id}>
      {title === null ? null : (
        <h2 id={id} className={c('cardTitle')}>
          {title}
        </h2>
      )}
      {children}
    </section>
  );
}

export interface FactShown {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names and values in two columns. */
export function Facts({ facts }: { readonly facts: readonly FactShown[] }) {
  return (
    <dl className={c('facts')}>
      {facts.map(({ name, value }) => (
        <div key={name} className={c('fact')}>
          <dt className={c('name')}>{name}</dt>
          <dd className={c('value')}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A code, a number or a name in the order it was written, wherever the page reads from. */
export function Code({ children }: { readonly children: string }) {
  return (
    <code dir="ltr" className={c('code')}>
      {children}
    </code>
  );
}

interface RowProps {
  readonly name: ReactNode;
  readonly small: ReactNode;
  readonly action: ReactNode;
}

export function Rows({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <ul className={c('rows')} aria-label={name}>
      {children}
    </ul>
  );
}

/** One thing of a list, and what can be done with it. */
export function Row({ name, small, action }: RowProps) {
  return (
    <li className={c('row')}>
      <span className={c('rowWords')}>
        <span className={c('rowName')}>{name}</span>
        {small === null ? null : <span className={c('rowSmall')}>{small}</span>}
      </span>
      <span className={c('rowAction')}>{action}</span>
    </li>
  );
}

/** Buttons under each other, as wide as their place. */
export function ActionList({ children }: { readonly children: ReactNode }) {
  return <div className={c('actionList')}>{children}</div>;
}
