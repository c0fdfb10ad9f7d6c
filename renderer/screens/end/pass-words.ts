import type { PassEnd } from '../../../contract/snapshot.ts';
import type { Words } from '../../words/words.ts';

const dayMs = 24 * 60 * 60_000;

/** What became of the pass: only what the directory confirmed. A far end is told as a day, a near one as a time. */
export function passWords({ t, time, day }: Words, pass: PassEnd): string {
  switch (pass.kind) {
    case 'deleted':
      return t('done.pass.deleted');
    case 'endsAt':
      return pass.atMs - Date.now() > dayMs / 2
        ? t('done.pass.endsOn', { day: day(pass.atMs) })
        : t('done.pass.endsAt', { time: time(pass.atMs) });
    case 'usedUp':
      return t('done.pass.usedUp');
    case 'unknown':
      return t('done.pass.unknown');
    default: {
      const never: never = pass;
      return never;
    }
  }
}
