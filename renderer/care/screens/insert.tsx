import { InsertScene } from '../../parts/drawings/insert-scene.tsx';
import { KeyScene, MovingKeyScene } from '../../parts/drawings/key-scene.tsx';
import { BigButton } from '../../parts/big-button.tsx';
import { NoticeBanner, reasonSay, reasonTitle, TechnicianLine, WhyBanner } from '../../screens/reason-words.tsx';
import { Waiting } from '../../screens/waiting.tsx';
import type { CareScreenView } from '../care-view.ts';
import { Board, BoardTitle, Card, Code, Row, Rows } from '../parts/table.tsx';
import { pagedRows } from '../../screens/paged-rows.ts';
import { saidAndShown } from '../parts/said-and-shown.tsx';

export const insertView: CareScreenView<'insert'> = (screen, { words, snapshot }) => {
  const { t } = words;
  const title = t('care.insert.title');
  return saidAndShown(snapshot, {
    ground: 'paper',
    title,
    lead: t('care.insert.lead'),
    under: screen.notice === null ? null : <NoticeBanner words={words} reason={screen.notice} />,
    show: <InsertScene name={t('insertKey.drawing')} />,
  });
};

/** Each by what it says of itself; two that look alike are told apart by a touch. */
export const severalView: CareScreenView<'several'> = (screen, scene) => {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const title = t('care.several.title');
  const { rows, turn } = pagedRows(scene, screen.keys ?? []);
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Board
        textSize={snapshot.look.textSize}
        head={<BoardTitle title={title} line={t(screen.touch ? 'care.several.leadTouch' : 'care.several.lead')} />}
        beside={null}
      >
        {screen.keys === null ? (
          <Waiting words={t('care.reading.lead')} />
        ) : (
          <Card title={null}>
            <Rows name={title}>
              {rows.map(({ insertion, model, serial }) => (
                <Row
                  key={insertion}
                  name={model === null ? t('care.several.silent') : <bdi>{model}</bdi>}
                  small={serial === null ? t('care.several.noSerial') : <Code>{serial}</Code>}
                  action={
                    <BigButton
                      kind="tool"
                      label={t('care.several.choose')}
                      onPress={() => say({ type: 'key.choose', insertion })}
                    />
                  }
                />
              ))}
            </Rows>
          </Card>
        )}
      </Board>
    ),
    second: { label: t('care.several.askAgain'), press: { type: 'tryAgain' } },
  };
};

export const readingView: CareScreenView<'reading'> = (_, { words, snapshot }) => {
  const { t } = words;
  const title = t('care.reading.title');
  return saidAndShown(snapshot, {
    ground: 'paper',
    title,
    under: <Waiting words={t('care.reading.lead')} />,
    show: <KeyScene name={t('keyScene.inPort')} plug="unknown" state="resting" />,
  });
};

export const unreadableView: CareScreenView<'unreadable'> = (screen, { words, snapshot }) => {
  const title = reasonTitle(words, screen.reason);
  return {
    ...saidAndShown(snapshot, {
      ground: 'paper',
      title,
      lead: reasonSay(words, screen.reason),
      under: (
        <>
          <WhyBanner words={words} reason={screen.reason} />
          <TechnicianLine words={words} reason={screen.reason} model={null} />
        </>
      ),
      show: <MovingKeyScene name={words.t('keyScene.takeOut')} plug="unknown" towards="person" refused />,
    }),
    primary: { label: words.t('care.again'), press: { type: 'tryAgain' } },
  };
};
