// The doctor's page: what was found in a list, the heaviest first, and each finding on a page of its own.
import type { DoctorIntent, DoctorSnapshot } from '../../contract/doctor-page.ts';
import { Board, BoardTitle } from '../care/parts/table.tsx';
import { classNamer } from '../look/class-names.ts';
import { Mark } from '../parts/mark.tsx';
import { StaffPage } from '../staff/staff-page.tsx';
import type { SaidByStaff } from '../staff/staff-view.ts';
import type { DoctorScene, DoctorView } from './doctor-view.ts';
import styles from './findings.module.css';
import { findingsView } from './findings.tsx';

const c = classNamer(styles);

interface DoctorPageProps {
  readonly snapshot: DoctorSnapshot;
  /** Says an intent for the showing the technician sees. */
  readonly onSay: (intent: DoctorIntent | SaidByStaff) => void;
}

export function DoctorPage({ snapshot, onSay }: DoctorPageProps) {
  const { screen } = snapshot;
  return (
    <StaffPage<DoctorSnapshot, DoctorIntent>
      snapshot={snapshot}
      kind={screen.kind}
      wordmark="doctor.wordmark"
      help="doctor.help"
      draw={(scene) => (screen.kind === 'looking' ? lookingView(scene) : findingsView(screen.report, scene))}
      onSay={onSay}
    />
  );
}

function lookingView({ words: { t }, snapshot }: DoctorScene): DoctorView {
  const title = t('doctor.looking.title');
  return {
    ground: 'paper',
    title,
    stage: (
      <Board
        textSize={snapshot.look.textSize}
        head={
          <BoardTitle
            title={title}
            line={
              <span className={c('named')}>
                <Mark kind="working" size={3.6} />
                <span>{t('doctor.looking.line')}</span>
              </span>
            }
          />
        }
        beside={null}
      >
        {null}
      </Board>
    ),
  };
}
