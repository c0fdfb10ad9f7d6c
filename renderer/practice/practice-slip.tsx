import type { PracticeIntent, PracticePass, PracticeSlip } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { useWords } from '../words/use-words.ts';
import { PracticeButton } from './practice-button.tsx';
import styles from './practice-slip.module.css';

const c = classNamer(styles);

const passes: readonly PracticePass[] = ['several', 'once', 'expired', 'notYet'];

/** The slip as a technician would hand it over; the golden field is the thing to type. */
export function PracticeSlipView({ slip, say }: { readonly slip: PracticeSlip; readonly say: (intent: PracticeIntent) => void }) {
  const { t, time } = useWords();
  const at = slip.userName.indexOf('@');
  const [localPart, domain] = at < 0 ? [slip.userName, ''] : [slip.userName.slice(0, at), slip.userName.slice(at)];
  const when = time(slip.use === 'notYet' ? slip.startsAtMs : slip.endsAtMs);
  return (
    <section aria-label={t('practice.slip.title')}>
      <div className={c('slip')}>
        <b className={c('name')}>{slip.displayName}</b>
        <dl className={c('facts')}>
          <div>
            <dt className="only-spoken">{t('practice.slip.userName')}</dt>
            <dd className={c('code')} dir="ltr">
              {localPart}
              <wbr />
              {domain}
            </dd>
          </div>
          <div className={c('passLine')}>
            <dt className="only-spoken">{t('practice.slip.code')}</dt>
            <dd className={c('code', 'pass')} dir="ltr">
              {slip.pass}
            </dd>
            <dd className={c('use')}>{t(`practice.slip.${slip.use}`, { time: when })}</dd>
          </div>
        </dl>
      </div>
      <div className={c('next')} role="group" aria-labelledby="practice-next">
        <span id="practice-next" className={c('nextWords')}>
          {t('practice.next.title')}
        </span>
        {passes.map((pass) => (
          <PracticeButton key={pass} label={t(`practice.next.${pass}`)} onPress={() => say({ type: 'person.next', pass })} />
        ))}
      </div>
    </section>
  );
}
