import type { Foretold, ForetoldCode } from '../../../contract/foretold.ts';
import { foretold } from '../../../contract/foretold.ts';
import { Banner } from '../../parts/banner.tsx';
import type { Words } from '../../words/words.ts';

/** Said on another screen, at the moment when it matters. */
const saidLater: readonly ForetoldCode[] = ['after.oneWayOnly', 'after.windowsStrandsOncePass', 'after.macStrandsOncePass'];

/** The one thing about this plan that a person should know before they begin: what changes the plan first, then what may come. */
export function PlanNote({ notes, words }: { readonly notes: readonly Foretold[]; readonly words: Words }) {
  const note = notes.find(({ code }) => !saidLater.includes(code));
  if (note === undefined) return null;
  return (
    <Banner tone={foretold[note.code].weight === 'tells' ? 'info' : 'attention'}>
      <b>{words.t('foretold.note')}</b> {words.t(`foretold.${note.code}.say`)}
    </Banner>
  );
}
