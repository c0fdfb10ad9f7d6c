import type { ReactNode } from 'react';
import type { CareSnapshot } from '../../../contract/care.ts';
import { Halves, Say } from '../../parts/stage.tsx';
import type { CareView } from '../care-view.ts';

interface SaidAndShown {
  readonly ground: CareView['ground'];
  readonly title: string;
  readonly lead?: ReactNode;
  /** Under the sentence. */
  readonly under?: ReactNode;
  readonly show: ReactNode;
}

/** The screens without a table: words at the start, the key at the end. */
export function saidAndShown(
  { look }: Pick<CareSnapshot, 'look'>,
  { ground, title, lead = null, under = null, show }: SaidAndShown,
): Pick<CareView, 'ground' | 'title' | 'stage'> {
  return {
    ground,
    title,
    stage: (
      <Halves
        textSize={look.textSize}
        say={
          <Say title={title} lead={lead}>
            {under}
          </Say>
        }
        show={show}
      />
    ),
  };
}
