import { useRef } from 'react';
import { practiceTenants, type PracticeIntent, type PracticeTenant } from '../../contract/practice.ts';
import { classNamer } from '../look/class-names.ts';
import { Mark } from '../parts/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { PracticeDrawer } from './practice-drawer.tsx';
import styles from './practice-tenant.module.css';

const c = classNamer(styles);

interface PracticeTenantProps {
  readonly tenant: PracticeTenant;
  readonly say: (intent: PracticeIntent) => void;
}

/** What the company is like today: all well, or one of the troubles that technicians meet. */
export function PracticeTenantView({ tenant, say }: PracticeTenantProps) {
  const { t } = useWords();
  const drawer = useRef<HTMLDetailsElement>(null);
  const become = (next: PracticeTenant) => {
    say({ type: 'tenant.become', tenant: next });
    if (drawer.current === null) return;
    drawer.current.open = false;
    drawer.current.querySelector('summary')?.focus();
  };
  return (
    <PracticeDrawer title={t('practice.tenant.title')} sum={t(`practice.tenant.${tenant}`)} opens="down" ref={drawer}>
      {practiceTenants.map((each) => (
        <li key={each}>
          <button type="button" className={c('choice')} aria-pressed={each === tenant} onClick={() => become(each)}>
            <Mark kind={each === tenant ? 'done' : 'open'} size={2.8} />
            <span>
              <b>{t(`practice.tenant.${each}`)}</b>
              <span className={c('about')}>{t(`practice.tenant.${each}.about`)}</span>
            </span>
          </button>
        </li>
      ))}
    </PracticeDrawer>
  );
}
