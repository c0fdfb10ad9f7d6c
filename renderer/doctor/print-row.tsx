// The first row of the list: the page for whoever keeps the tenant's policies, and what became of printing it.
import type { DoctorPrinting } from '../../contract/doctor-page.ts';
import { Row } from '../care/parts/table.tsx';
import { classNamer } from '../look/class-names.ts';
import { BigButton } from '../parts/big-button.tsx';
import { Mark, type MarkKind } from '../parts/mark.tsx';
import type { PlainMessageId } from '../words/words.ts';
import type { DoctorScene } from './doctor-view.ts';
import styles from './findings.module.css';

const c = classNamer(styles);

const told = {
  offered: { mark: 'info', words: 'doctor.page.offered' },
  busy: { mark: 'working', words: 'done.printing' },
  printed: { mark: 'done', words: 'doctor.page.printed' },
  cancelled: { mark: 'skipped', words: 'doctor.page.cancelled' },
  noPrinter: { mark: 'attention', words: 'done.noPrinter' },
  refused: { mark: 'attention', words: 'doctor.page.refused' },
} as const satisfies Record<DoctorPrinting, { readonly mark: MarkKind; readonly words: PlainMessageId }>;

export function PrintRow({ scene: { words, snapshot, say, shows } }: { readonly scene: DoctorScene }) {
  const { t } = words;
  const { mark, words: status } = told[snapshot.printing];
  const busy = snapshot.printing === 'busy' ? { busy: t(status) } : {};
  return (
    <Row
      name={
        <span className={c('named')}>
          <Mark kind={mark} size={3.6} />
          <span id="policy-owner-page">{t('doctor.page.name')}</span>
        </span>
      }
      small={
        <span className={c('under')} role="status">
          {t(status)}
        </span>
      }
      action={
        shows('print') || snapshot.printing === 'busy' ? (
          <BigButton
            kind="tool"
            label={t('doctor.page.print')}
            describedBy="policy-owner-page"
            onPress={() => say({ type: 'print' })}
            {...busy}
          />
        ) : null
      }
    />
  );
}
