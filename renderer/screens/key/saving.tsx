import { KeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import { NoticeBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';

export const savingView: ScreenView<'saving'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const sending = screen.state === 'sending';
  const tidying = screen.state === 'tidying';
  const title = t(tidying ? 'saving.tidying.title' : 'saving.title');
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={t('saving.lead')}>
            {tidying ? (
              <StatusRows live>
                <StatusRow mark="working" line={t('saving.tidying')} />
              </StatusRows>
            ) : (
              <StatusRows live>
                <StatusRow mark={sending ? 'working' : 'done'} line={t(sending ? 'saving.sending' : 'saving.sent')} />
                <StatusRow mark={sending ? 'open' : 'working'} line={t('saving.checking')} />
              </StatusRows>
            )}
            {screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />}
          </Say>
        }
        show={<KeyScene name={t('keyScene.inPort')} plug={screen.key.plug} state="resting" />}
      />
    ),
  };
};
