// The card a person may take home: what they have, what to do next, who to call. Nothing on it opens anything.
import type { CardSnapshot } from '../../contract/card.ts';
import type { Device } from '../../contract/intent.ts';
import { classNamer } from '../look/class-names.ts';
import { SmallKey, SmallPhone } from '../parts/drawings/small-drawings.tsx';
import { Logo } from '../parts/logo.tsx';
import { DeviceNext } from '../screens/end/device-next.tsx';
import { passWords } from '../screens/end/pass-words.ts';
import { sinceWords } from '../words/since-words.ts';
import { wordsIn } from '../words/words.ts';
import styles from './printed-card.module.css';

const c = classNamer(styles);
const deviceOrder: readonly Device[] = ['windows', 'mac', 'iphone', 'android'];

export function PrintedCard({ card, printedAtMs }: { readonly card: CardSnapshot; readonly printedAtMs: number }) {
  const words = wordsIn(card.language);
  const { t, time, day } = words;
  const phoneSignIn = card.ways.some(({ way }) => way === 'phoneSignIn');
  return (
    <article className={c('card')} data-ground="paper">
      {card.world === 'field' ? null : <p className={c('world')}>{t(`card.${card.world}`)}</p>}
      <header className={c('head')}>
        <span className={c('logo')}>
          <Logo />
        </span>
        <h1 className={c('title')}>{card.firstName === null ? t('card.title') : t('card.hello', { name: card.firstName })}</h1>
      </header>
      <section>
        <h2 className={c('heading')}>{t('card.have')}</h2>
        <ul className={c('ways')}>
          {card.ways.map(({ way, atMs }) => (
            <li key={way} className={c('way')}>
              <span className={c('drawing')}>{way === 'phoneSignIn' ? <SmallPhone done /> : <SmallKey />}</span>
              <span>
                <b className={c('wayName')}>{t(`way.${way}`)}</b>
                <br />
                {t(sinceWords[way], { time: time(atMs) })}
              </span>
            </li>
          ))}
        </ul>
        <p>{passWords(words, card.pass)}</p>
      </section>
      <section>
        <h2 className={c('heading')}>{t('card.next')}</h2>
        <ul className={c('next')}>
          {deviceOrder
            .flatMap((device) => card.after.filter((after) => after.device === device))
            .map((after) => (
              <DeviceNext key={after.device} after={after} pass={card.pass} phoneSignIn={phoneSignIn} words={words} />
            ))}
        </ul>
      </section>
      <footer className={c('foot')}>
        <p>
          <b>{t('card.lost')}</b> {t('card.call')} <bdi dir="ltr">{card.contact}</bdi>
        </p>
        <p className={c('small')}>
          {t('card.noSecrets')} {t('card.printed', { day: day(printedAtMs) })}
        </p>
      </footer>
    </article>
  );
}
