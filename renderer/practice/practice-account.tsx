import type { PracticeLedger } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { Mark } from '../parts/mark.tsx';
import { useWords } from '../words/use-words.ts';
import styles from './practice-account.module.css';
import { PracticeDrawer } from './practice-drawer.tsx';

const c = classNamer(styles);

/** What really came of it: the account behind the desk. Opened, it says who verified each key, over what stands above it. */
export function PracticeAccount({ ledger }: { readonly ledger: PracticeLedger }) {
  const { t, time } = useWords();
  const empty = ledger.keys.length === 0 && ledger.phones.length === 0;
  const sum = empty
    ? t('practice.account.nothing')
    : t('practice.account.holds', { keys: ledger.keys.length, phones: ledger.phones.length });
  return (
    <PracticeDrawer title={t('practice.account.title')} sum={sum} opens="up">
      {ledger.keys.map((key) => (
        <li key={`${key.name} ${key.createdAtMs}`} className={c('row')}>
          <Mark kind="done" size={2.8} />
          <span>
            <b>
              <bdi>{key.name}</bdi>
            </b>{' '}
            · {time(key.createdAtMs)}
            <br />
            <span className={c('quiet')}>
              {t('practice.account.verified', { format: key.attestationFormat, names: key.verifiedBy.join(', ') })}
            </span>
          </span>
        </li>
      ))}
      {ledger.phones.map((phone) => (
        <li key={phone.name} className={c('row')}>
          <Mark kind={phone.phoneSignIn ? 'done' : 'open'} size={2.8} />
          <span>
            <b>
              <bdi>{phone.name}</bdi>
            </b>{' '}
            · {t(phone.phoneSignIn ? 'practice.account.phoneOn' : 'practice.account.phone')}
          </span>
        </li>
      ))}
      <li className={c('row')}>
        <Mark kind="info" size={2.8} />
        <span>
          <b>{t('practice.account.pass')}</b> · {t(`practice.account.pass.${ledger.pass}`)}
        </span>
      </li>
    </PracticeDrawer>
  );
}
