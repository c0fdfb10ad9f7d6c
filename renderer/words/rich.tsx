import { Fragment, type ReactNode } from 'react';
import styles from './rich.module.css';

// Messages may hold three plain tags, without attributes and without nesting: <b>words of somebody else's screen</b>,
// <key>a key to press</key> and <ltr>digits in the order of the pad</ltr>. They become elements; a message is never HTML.

const tagged = /<(b|key|ltr)>([^<]*)<\/\1>/g;

/** A message with its tags turned into elements. */
export function rich(message: string): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of message.matchAll(tagged)) {
    const [whole, tag = '', words = ''] = match;
    parts.push(message.slice(from, match.index), <Fragment key={match.index}>{element(tag, words)}</Fragment>);
    from = match.index + whole.length;
  }
  parts.push(message.slice(from));
  return <>{parts}</>;
}

function element(tag: string, words: string): ReactNode {
  if (tag === 'b') return <b>{words}</b>;
  if (tag === 'ltr') return <bdi dir="ltr">{words}</bdi>;
  return <kbd className={styles['key']}>{words}</kbd>;
}
