// The practice desk beside the kiosk: the company as it is today, a slip, a tray of keys, a phone, and what the practice account holds by now.
import { useCallback, useLayoutEffect, useState } from 'react';
import type { PracticeAnswer, PracticeIntent, PracticeSnapshot } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { Icon } from '../parts/icon.tsx';
import { languageDirection } from '../words/languages.ts';
import { useWords, WordsContext } from '../words/use-words.ts';
import { wordsIn } from '../words/words.ts';
import { PracticeAccount } from './practice-account.tsx';
import styles from './practice-desk.module.css';
import { PracticeKeys } from './practice-keys.tsx';
import { PracticePhoneView } from './practice-phone.tsx';
import { PracticeSlipView } from './practice-slip.tsx';
import { PracticeTenantView } from './practice-tenant.tsx';

const c = classNamer(styles);

interface PracticeDeskProps {
  readonly snapshot: PracticeSnapshot;
  readonly onSay: (intent: PracticeIntent) => Promise<PracticeAnswer>;
}

export function PracticeDesk({ snapshot, onSay }: PracticeDeskProps) {
  const { language, folded } = snapshot;
  const [refused, setRefused] = useState(false);
  const say = useCallback(
    (intent: PracticeIntent) => {
      setRefused(false);
      void onSay(intent).then((answer) => setRefused(!answer.taken));
    },
    [onSay],
  );

  useLayoutEffect(() => {
    const root = document.documentElement;
    root.lang = language;
    root.dir = languageDirection(language);
    root.dataset['folded'] = String(folded);
  }, [language, folded]);

  return (
    <WordsContext value={wordsIn(language)}>
      <div className={c('desk', folded && 'folded')} data-ground="paper">
        {folded ? <Handle onUnfold={() => say({ type: 'fold' })} /> : <Opened snapshot={snapshot} say={say} refused={refused} />}
      </div>
    </WordsContext>
  );
}

function Handle({ onUnfold }: { readonly onUnfold: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" className={c('handle')} onClick={onUnfold} aria-label={t('practice.unfold')}>
      <Icon name="back" />
      <span className={c('handleWords')} aria-hidden="true">
        {t('practice.title')}
      </span>
    </button>
  );
}

interface OpenedProps {
  readonly snapshot: PracticeSnapshot;
  readonly say: (intent: PracticeIntent) => void;
  readonly refused: boolean;
}

function Opened({ snapshot, say, refused }: OpenedProps) {
  const { t } = useWords();
  const { beside, tenant, slip, keys, phone, ledger } = snapshot;
  return (
    <>
      <header className={c('head')}>
        <h1 className={c('title')}>{t('practice.title')}</h1>
        <button type="button" className={c('fold')} onClick={() => say({ type: 'fold' })}>
          {t('practice.fold')}
          <Icon name="next" size={1} />
        </button>
      </header>
      <main className={c('body')}>
        {beside === 'care' ? (
          <PracticeKeys keys={keys} say={say} />
        ) : (
          <>
            <PracticeTenantView tenant={tenant} say={say} />
            <PracticeSlipView slip={slip} say={say} />
            <PracticeKeys keys={keys} say={say} />
            <PracticePhoneView key={slip.userName} phone={phone} say={say} />
            <PracticeAccount ledger={ledger} />
          </>
        )}
      </main>
      <p className={c('said')} role="status">
        {refused ? t('practice.notPossible') : t('practice.note')}
      </p>
    </>
  );
}
