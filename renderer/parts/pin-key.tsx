import { classNamer } from '../look/class-names.ts';
import styles from './pin-key.module.css';

const c = classNamer(styles);

interface PinKeyProps {
  /** How many have been typed; the page never learns what. */
  readonly count: number;
  readonly minLength: number;
  /** One sentence for those who do not see the dots. */
  readonly name: string;
}

const fullSizeUpTo = 9;
const dotsUpTo = 15;

/** The key lying on its side, holding the dots: the PIN is typed into the key, so that "it stays in the key" needs no words. */
export function PinKey({ count, minLength, name }: PinKeyProps) {
  const places = Math.max(minLength, count + 1);
  return (
    <div className={c('key')} role="img" aria-label={name} dir="ltr">
      <div className={c('body')}>
        <span className={c('slot')} />
        {count > dotsUpTo ? (
          <span className={c('dots')}>
            <span className={c('dot', 'typed')} />
            <b className={c('count')}>{`× ${count}`}</b>
          </span>
        ) : (
          <span className={c('dots', count + 1 > fullSizeUpTo && 'many')}>
            {Array.from({ length: Math.min(places, dotsUpTo) }, (_, place) => (
              <span key={place} className={c('dot', place < count ? 'typed' : place === count ? 'next' : 'empty')} />
            ))}
          </span>
        )}
      </div>
      <span className={c('plug')}>
        <span className={c('windows')} />
      </span>
    </div>
  );
}
