import type { ForetoldCode } from '../../../contract/foretold.ts';
import type { ScreenOf } from '../../../contract/snapshot.ts';
import type { Words } from '../../words/words.ts';

/** Said on another screen, at the moment when it matters. */
const saidLater: readonly ForetoldCode[] = ['after.oneWayOnly', 'after.windowsStrandsOncePass', 'after.macStrandsOncePass'];

/**
 * The one thing about this plan that a person should know before they begin: what may come, or else why the stops are in an
 * order that nobody would have guessed.
 */
export function PlanNote({ screen, words }: { readonly screen: ScreenOf<'plan'>; readonly words: Words }) {
  const note = screen.notes.find(({ code }) => !saidLater.includes(code))?.code;
  const [avoided] = screen.avoids;
  const code = note ?? avoided;
  if (code === undefined) return null;
  return (
    <>
      <b>{words.t(note === undefined ? 'foretold.order' : 'foretold.note')}</b> {words.t(`foretold.${code}.say`)}
    </>
  );
}
