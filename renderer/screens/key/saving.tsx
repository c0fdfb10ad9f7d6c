import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import { NoticeBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

export const savingView: ScreenView<'saving'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const sending = screen.state === 'sending';
  return {
    ground: 'paper',
    title: t('saving.title'),
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={t('saving.title')} lead={t('saving.lead')}>
            <StatusRows live>
              <StatusRow mark={sending ? 'working' : 'done'} line={t(sending ? 'saving.sending' : 'saving.sent')} />
              <StatusRow mark={sending ? 'open' : 'working'} line={t('saving.checking')} />
            </StatusRows>
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          </Say>
        }
        show={<KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />}
      />
    ),
  };
};
