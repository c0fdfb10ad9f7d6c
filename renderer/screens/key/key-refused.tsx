import { reasons } from '../../../contract/reason.ts';
import { MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import { ContactLine, reasonSay, reasonTitle, TechnicianLine, WhyBanner } from '../reason-words.tsx';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

/** What to do first, why second, the code last. */
export const keyRefusedView: ScreenView<'keyRefused'> = (screen, { words, snapshot }) => {
  const { reason, key } = screen;
  const title = reasonTitle(words, reason);
  return {
    ground: 'paper',
    title,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={
          <Say title={title} lead={reasonSay(words, reason)}>
            <WhyBanner words={words} reason={reason} />
            {reasons[reason.code].who === 'technician' ? <ContactLine words={words} contact={snapshot.contact} /> : null}
            <TechnicianLine words={words} reason={reason} model={key?.model ?? null} />
          </Say>
        }
        show={<MovingKeyScene name={words.t('keyScene.takeOut')} plug={key?.plug ?? 'unknown'} towards="person" refused />}
      />
    ),
    second: { label: words.t('trouble.tryAgain'), press: { type: 'tryAgain' } },
    aside: <Waiting words={words.t('keyRefused.waiting')} />,
  };
};
