// The key care page: the screens of key care in the frame for staff.
import type { CareIntent, CareSnapshot } from '../../contract/care.ts';
import { StaffPage } from '../staff/staff-page.tsx';
import { helpOf } from './care-help.ts';
import { careViewOf, type CareScene } from './care-view.ts';
import { careViews } from './care-views.ts';

interface CarePageProps {
  readonly snapshot: CareSnapshot;
  /** Says an intent for the showing the technician sees. */
  readonly onSay: (intent: CareIntent) => void;
}

export function CarePage({ snapshot, onSay }: CarePageProps) {
  const { screen } = snapshot;
  return (
    <StaffPage<CareSnapshot, CareIntent>
      snapshot={snapshot}
      kind={screen.kind}
      wordmark="care.wordmark"
      help={helpOf(screen.kind)}
      draw={(scene: CareScene) => careViewOf(careViews, screen, scene)}
      onSay={onSay}
    />
  );
}
