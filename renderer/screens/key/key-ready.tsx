import type { ScreenOf } from '../../../contract/snapshot.ts';
import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import type { Words } from '../../words/words.ts';
import type { ScreenView } from '../view.ts';

/** What the desk found out about the key, and what its PIN needs next. */
export const keyReadyView: ScreenView<'keyReady'> = (screen, { words, snapshot }) => {
  const { t } = words;
  return {
    ground: 'paper',
    title: t('keyReady.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('keyReady.title')} lead={<bdi dir="ltr">{screen.key.model}</bdi>}>
            <StatusRows live={false}>
              <StatusRow mark="done" line={t('keyReady.keepsSignIn')} />
              <StatusRow mark="done" line={t('keyReady.holdsPin')} />
              <PinRow pin={screen.pin} words={words} />
            </StatusRows>
          </Say>
        }
        show={<KeyScene name={t('keyScene.good')} plug={screen.key.plug} state="good" />}
      />
    ),
    primary: { label: t(`keyReady.next.${screen.pin}`), press: { type: 'pin.begin' }, iconAfter: 'next' },
  };
};

function PinRow({ pin, words: { t } }: { readonly pin: ScreenOf<'keyReady'>['pin']; readonly words: Words }) {
  const mark = pin === 'none' ? 'open' : pin === 'set' ? 'info' : 'attention';
  return (
    <StatusRow mark={mark} line={t(`keyReady.pin.${pin}`)} small={<span data-spare="">{t(`keyReady.pin.${pin}.small`)}</span>} />
  );
}
