import { useState, type FormEvent, type ReactNode } from 'react';
import type { PracticeIntent, PracticePhone } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { Mark } from '../parts/mark.tsx';
import { useWords } from '../words/use-words.ts';
import type { Words } from '../words/words.ts';
import { PracticeButton } from './practice-button.tsx';
import styles from './practice-phone.module.css';

const c = classNamer(styles);

type Say = (intent: PracticeIntent) => void;
type App = Extract<PracticePhone, { app: true }>;

/** The practising person's own phone, with an Authenticator of our own making on it. */
export function PracticePhoneView({ phone, say }: { readonly phone: PracticePhone; readonly say: Say }) {
  const words = useWords();
  const { t } = words;
  return (
    <section className={c('phone')} aria-labelledby="practice-phone">
      <h2 id="practice-phone" className={c('title')}>
        {t('practice.phone.title')}
      </h2>
      <div className={c('screen')} aria-live="polite">
        {phone.app ? (
          <AppScreen app={phone} say={say} words={words} />
        ) : (
          <PracticeButton
            kind="main"
            icon="down"
            label={t('practice.phone.install')}
            onPress={() => say({ type: 'phone.installApp' })}
          />
        )}
      </div>
    </section>
  );
}

interface AppProps {
  readonly app: App;
  readonly say: Say;
  readonly words: Words;
}

function AppScreen(props: AppProps) {
  const { app, say, words } = props;
  const { t } = words;
  if (app.request !== null) return <ApproveForm key={app.request.userName} {...props} />;
  if (app.form !== null && app.screen !== 'working') return <SignInForm key={app.form.purpose} {...props} />;
  switch (app.screen) {
    case 'working':
      return (
        <p className={c('working')}>
          <Mark kind="working" size={3.2} />
          {t('practice.phone.working')}
        </p>
      );
    case 'scanner':
      return (
        <Notice {...props}>
          <p>{t('practice.phone.scanner')}</p>
          <div className={c('buttons')}>
            <PracticeButton
              kind="main"
              icon="camera"
              label={t('practice.phone.scan')}
              onPress={() => say({ type: 'phone.scan' })}
            />
            <PracticeButton label={t('practice.phone.home')} onPress={() => say({ type: 'phone.home' })} />
          </div>
        </Notice>
      );
    case 'home':
    case 'signIn':
    case 'approve':
      return <Home {...props} />;
    default: {
      const never: never = app.screen;
      return never;
    }
  }
}

function Notice({ app, words, children }: AppProps & { readonly children: ReactNode }) {
  const { t } = words;
  const text =
    app.notice === null
      ? null
      : app.notice === 'signInRefused' && app.noticeCode !== null
        ? t('practice.notice.signInRefusedCode', { code: app.noticeCode })
        : t(`practice.notice.${app.notice}`);
  return (
    <>
      {text === null ? null : <p className={c('notice')}>{text}</p>}
      {children}
    </>
  );
}

function Home(props: AppProps) {
  const { app, say, words } = props;
  const { t } = words;
  return (
    <Notice {...props}>
      <b>Authenticator</b>
      {app.accounts.length === 0 ? <p className={c('quiet')}>{t('practice.phone.noAccounts')}</p> : null}
      {app.accounts.map(({ userName, phoneSignIn }) => (
        <div key={userName} className={c('account')}>
          <bdi dir="ltr" className={c('userName')}>
            {userName}
          </bdi>
          <span className={c('quiet')}>{t(phoneSignIn ? 'practice.phone.on' : 'practice.phone.off')}</span>
          {phoneSignIn ? null : (
            <PracticeButton
              kind="main"
              label={t('practice.phone.turnOn')}
              onPress={() => say({ type: 'phone.turnOnSignIn', userName })}
            />
          )}
        </div>
      ))}
      <div className={c('buttons')}>
        <PracticeButton label={t('practice.phone.scan')} onPress={() => say({ type: 'phone.scan' })} />
        <PracticeButton label={t('practice.phone.add')} onPress={() => say({ type: 'phone.addAccount' })} />
      </div>
    </Notice>
  );
}

/** The pass is typed on the phone, as in the real app; the practice phone forgets it with the press. */
function SignInForm(props: AppProps) {
  const { app, say, words } = props;
  const { t } = words;
  const known = app.form?.userName ?? '';
  const [userName, setUserName] = useState(known);
  const [pass, setPass] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (userName.trim() === '' || pass === '') return;
    say({ type: 'phone.signIn', userName: userName.trim(), pass });
    setPass('');
  };
  return (
    <Notice {...props}>
      <form className={c('form')} onSubmit={submit} autoComplete="off">
        <label className={c('field')}>
          {t('practice.phone.userName')}
          <input
            className={c('input')}
            dir="ltr"
            value={userName}
            readOnly={known !== ''}
            spellCheck={false}
            onChange={(event) => setUserName(event.currentTarget.value)}
          />
        </label>
        <label className={c('field')}>
          {t('practice.phone.pass')}
          <input
            className={c('input')}
            dir="ltr"
            value={pass}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setPass(event.currentTarget.value)}
          />
        </label>
        <div className={c('buttons')}>
          <PracticeButton kind="main" submit label={t('practice.phone.signIn')} onPress={() => undefined} />
          <PracticeButton label={t('practice.phone.cancel')} onPress={() => say({ type: 'phone.home' })} />
        </div>
      </form>
    </Notice>
  );
}

function ApproveForm(props: AppProps) {
  const { app, say, words } = props;
  const { t } = words;
  const [number, setNumber] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (/^\d{1,3}$/.test(number)) say({ type: 'phone.answerNumber', number });
    setNumber('');
  };
  return (
    <Notice {...props}>
      <form className={c('form')} onSubmit={submit} autoComplete="off">
        <b>{t('practice.phone.approve')}</b>
        <bdi dir="ltr" className={c('userName')}>
          {app.request?.userName}
        </bdi>
        <label className={c('field')}>
          {t('practice.phone.number')}
          <input
            className={c('input', 'number')}
            dir="ltr"
            inputMode="numeric"
            maxLength={3}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value.replaceAll(/\D/g, ''))}
          />
        </label>
        <div className={c('buttons')}>
          <PracticeButton kind="main" submit label={t('practice.phone.yes')} onPress={() => undefined} />
          <PracticeButton label={t('practice.phone.no')} onPress={() => say({ type: 'phone.deny' })} />
        </div>
      </form>
    </Notice>
  );
}
