import type { ReactNode } from 'react';
import type { CareDone, CareKey } from '../../../contract/care.ts';
import { Banner } from '../../parts/banner.tsx';
import { BigButton } from '../../parts/big-button.tsx';
import { reasonTitle } from '../../screens/reason-words.tsx';
import type { PlainMessageId, Words } from '../../words/words.ts';
import type { CareScene, CareScreenView, CareView } from '../care-view.ts';
import type { FactShown } from '../parts/table.tsx';
import { ActionList, Board, BoardTitle, Card, Code, Facts } from '../parts/table.tsx';

/** What the key is and how it stands, beside what can be done with it. Large text turns to the facts; everybody to the details. */
export const keyView: CareScreenView<'key'> = (screen, scene) => {
  const { words, snapshot, page } = scene;
  const { t } = words;
  const { textSize } = snapshot.look;
  const large = textSize > 1;
  const technicalPage = large ? 2 : 1;
  if (page === technicalPage) return technicalView(screen.key, scene);
  if (large && page === 1) return factsView(screen.key, scene);
  const title = screen.key.model;
  const tasks = <Tasks scene={scene} />;
  const done = screen.done === null ? null : <DoneBanner done={screen.done} words={words} />;
  return {
    ground: 'paper',
    title,
    stage: (
      <Board
        textSize={textSize}
        head={<BoardTitle title={title} line={stateLine(screen.key, words)} />}
        beside={large ? null : <Card title={t('care.tasks')}>{tasks}</Card>}
      >
        {done}
        {large ? tasks : <Card title={null}>{<Facts facts={factsOf(screen.key, words, done === null)} />}</Card>}
      </Board>
    ),
    quiet: large
      ? { label: t('care.facts'), press: () => scene.turnTo(1), iconAfter: 'next' }
      : { label: t('care.technical'), press: () => scene.turnTo(1), iconAfter: 'next' },
  };
};

/** What was done last, in one banner that a screen reader tells. */
export function DoneBanner({ done, words }: { readonly done: CareDone; readonly words: Words }) {
  return <Banner tone="done">{words.t(`care.done.${done}`)}</Banner>;
}

function Tasks({ scene: { snapshot, words, say } }: { readonly scene: CareScene }) {
  if (snapshot.tasks.length === 0) return <p>{words.t('care.tasks.none')}</p>;
  return (
    <ActionList>
      {snapshot.tasks.map((task) => (
        <BigButton
          key={task}
          kind="second"
          label={words.t(`care.task.${task}`)}
          onPress={() => say({ type: 'care.begin', task })}
        />
      ))}
    </ActionList>
  );
}

function factsView(key: CareKey, scene: CareScene): CareView {
  const { words, snapshot, turnTo } = scene;
  return {
    ground: 'paper',
    title: key.model,
    stage: (
      <Board textSize={snapshot.look.textSize} head={<BoardTitle title={key.model} />} beside={null}>
        <Card title={null}>
          <Facts facts={factsOf(key, words, true)} />
        </Card>
      </Board>
    ),
    back: () => turnTo(0),
    quiet: { label: words.t('care.technical'), press: () => turnTo(2), iconAfter: 'next' },
  };
}

function technicalView(key: CareKey, { words, snapshot, turnTo }: CareScene): CareView {
  const { t } = words;
  const { technical } = key;
  const title = t('care.technical');
  const list = (all: readonly (string | number)[]): ReactNode =>
    all.length === 0 ? t('care.none') : <Code>{all.join(' · ')}</Code>;
  const facts: readonly FactShown[] = [
    { name: t('care.technical.versions'), value: list(technical.versions) },
    { name: t('care.technical.options'), value: list(technical.options.map(({ name, on }) => `${name}=${String(on)}`)) },
    { name: t('care.technical.extensions'), value: list(technical.extensions) },
    { name: t('care.technical.algorithms'), value: list(technical.algorithms) },
    { name: t('care.technical.transports'), value: list(technical.transports) },
    { name: t('care.technical.pinProtocols'), value: list(technical.pinUvProtocols) },
    ...(technical.maker.length === 0 ? [] : [{ name: t('care.technical.maker'), value: list(technical.maker) }]),
    { name: t('care.technical.message'), value: t('care.technical.bytes', { count: technical.maxMessageBytes }) },
  ];
  return {
    ground: 'paper',
    title,
    stage: (
      <Board textSize={snapshot.look.textSize} head={<BoardTitle title={title} line={<bdi>{key.model}</bdi>} />} beside={null}>
        <Card title={null}>
          <Facts facts={facts} />
        </Card>
      </Board>
    ),
    back: () => turnTo(0),
  };
}

const pinWords = {
  none: 'care.pin.none',
  set: 'care.pin.set',
  mustChange: 'care.pin.mustChange',
  locked: 'care.pin.locked',
  unsupported: 'care.pin.unsupported',
} as const satisfies Record<CareKey['pin'], PlainMessageId>;

function stateLine(key: CareKey, { t }: Words): string {
  const state = t(pinWords[key.pin]);
  return key.tries === null || key.pin === 'none' || key.pin === 'locked'
    ? state
    : t('care.stateWithTries', { state, left: key.tries.left });
}

/** Facts that nobody told are left out, but for those whose absence is a fact; `all` is false where a banner needs the room. */
function factsOf(key: CareKey, words: Words, all: boolean): readonly FactShown[] {
  const { t } = words;
  const told = (name: string, value: string | null): readonly FactShown[] =>
    value === null ? [] : [{ name, value: <Code>{value}</Code> }];
  return [
    {
      name: t('care.fact.entra'),
      value: key.unusable === null ? t('care.fact.entra.yes') : reasonTitle(words, key.unusable),
    },
    {
      name: t('care.fact.room'),
      value: key.accountsLeft === null ? t('care.notTold') : t('care.fact.room.more', { count: key.accountsLeft }),
    },
    ...(key.sensorTriesLeft === null
      ? []
      : [{ name: t('care.fact.sensor'), value: t('care.fact.sensor.left', { count: key.sensorTriesLeft }) }]),
    { name: t('care.fact.pinLength'), value: t('care.fact.pinLength.least', { min: key.minPinLength }) },
    { name: t('care.fact.firmware'), value: key.firmware === null ? t('care.notTold') : <Code>{key.firmware}</Code> },
    { name: t('care.fact.serial'), value: key.serial === null ? t('care.notTold') : <Code>{key.serial}</Code> },
    ...told(t('care.fact.aaguid'), key.aaguid),
    ...(all ? told(t('care.fact.usb'), key.usbId) : []),
  ];
}
