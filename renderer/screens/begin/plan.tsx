import type { Device, PassUse } from '../../../contract/intent.ts';
import type { RouteStop, ScreenOf } from '../../../contract/snapshot.ts';
import { ChoiceCard, ChoiceGroup } from '../../parts/choice-card.tsx';
import { DeviceDrawing } from '../../parts/drawings/device-drawing.tsx';
import { RouteSlip } from '../../parts/route-slip.tsx';
import { PlanNote } from './plan-note.tsx';
import { Column, Say, Stage } from '../../parts/stage.tsx';
import type { Words } from '../../words/words.ts';
import type { Action, Scene, ScreenView } from '../view.ts';

const deviceOrder: readonly Device[] = ['windows', 'mac', 'iphone', 'android'];
const passUseOrder: readonly PassUse[] = ['once', 'several', 'unknown'];

/** Two questions, and the way they lead to. Large text asks one thing a page. */
export const planView: ScreenView<'plan'> = (screen, scene) => {
  const { words, snapshot, fitting } = scene;
  const { t } = words;
  const { textSize } = snapshot.look;
  const answered = screen.devices.length > 0 && screen.passUse !== null;
  const goOn: Action = {
    label: t('plan.next'),
    press: { type: 'continue' },
    iconAfter: 'next',
    ...(answered && scene.shows('continue') ? {} : { notYet: t('plan.notYet') }),
  };
  const devices = <DevicesAsked screen={screen} scene={scene} />;
  const use = <UseAsked screen={screen} scene={scene} />;
  const route = <Route screen={screen} words={words} />;
  // Beside the button that leaves the plan: under the slip there is no room for it.
  const aside = answered ? <PlanNote screen={screen} words={words} /> : null;

  if (textSize === 1) {
    return {
      ground: 'paper',
      title: t('plan.title'),
      stage: (
        <Stage textSize={textSize} arrangement="withRoute">
          <Say title={t('plan.title')}>
            {devices}
            {use}
          </Say>
          <Column>{route}</Column>
        </Stage>
      ),
      primary: goOn,
      aside,
    };
  }

  const pages =
    fitting.format === 'portrait' && textSize === 1.5
      ? [
          { id: 'questions', title: t('plan.title'), content: [devices, use] },
          { id: 'route', title: t('plan.route.title'), content: [route] },
        ]
      : [
          { id: 'devices', title: t('plan.title'), content: [devices] },
          { id: 'use', title: t('plan.title'), content: [use] },
          { id: 'route', title: t('plan.route.title'), content: [route] },
        ];
  const place = Math.min(scene.page, pages.length - 1);
  const page = pages[place] ?? pages[0];
  const last = place === pages.length - 1;
  return {
    ground: 'paper',
    title: page?.title ?? t('plan.title'),
    stage: (
      <Stage textSize={textSize} arrangement="whole">
        <Say title={page?.title ?? t('plan.title')}>
          {page?.content.map((part, index) => (
            <div key={index}>{part}</div>
          ))}
        </Say>
      </Stage>
    ),
    primary: last ? goOn : { label: t('plan.next'), press: () => scene.turnTo(place + 1), iconAfter: 'next' },
    ...(last ? { aside } : {}),
    ...(place > 0 ? { back: () => scene.turnTo(place - 1) } : {}),
  };
};

interface AskedProps {
  readonly screen: ScreenOf<'plan'>;
  readonly scene: Scene;
}

function DevicesAsked({ screen, scene: { words, say, shows } }: AskedProps) {
  const { t } = words;
  return (
    <ChoiceGroup question={t('plan.devices.ask')} hint={t('plan.devices.hint')} pick="several" columns={2}>
      {deviceOrder.map((device) => (
        <ChoiceCard
          key={device}
          pick="several"
          group="devices"
          value={device}
          label={t(`device.${device}`)}
          chosen={screen.devices.includes(device)}
          disabled={!shows('plan.device')}
          drawing={<DeviceDrawing device={device} />}
          onChange={(chosen) => say({ type: 'plan.device', device, chosen })}
        />
      ))}
    </ChoiceGroup>
  );
}

function UseAsked({ screen, scene: { words, say, shows } }: AskedProps) {
  const { t } = words;
  return (
    <ChoiceGroup question={t('plan.use.ask')} hint={t('plan.use.hint')} pick="one" columns={3}>
      {passUseOrder.map((passUse) => (
        <ChoiceCard
          key={passUse}
          pick="one"
          group="pass-use"
          value={passUse}
          label={t(`plan.use.${passUse}`)}
          chosen={screen.passUse === passUse}
          disabled={!shows('plan.passUse')}
          onChange={() => say({ type: 'plan.passUse', passUse })}
        />
      ))}
    </ChoiceGroup>
  );
}

function Route({ screen: { route }, words }: { readonly screen: ScreenOf<'plan'>; readonly words: Words }) {
  const { t } = words;
  const phoneFirst = route[0]?.id === 'phone';
  const total = route.reduce((sum, stop) => sum + stop.minutes, 0);
  return (
    <RouteSlip
      title={t('plan.route.title')}
      lines={route.map(({ id, minutes }) => ({
        id,
        title: t(`route.${id}.title`),
        small: smallWords(words, id, phoneFirst),
        minutes: t('route.minutes', { minutes }),
      }))}
      together={t('route.together')}
      total={t('route.total', { minutes: total })}
    />
  );
}

function smallWords({ t }: Words, id: RouteStop['id'], phoneFirst: boolean): string {
  if (id === 'phone') return t(phoneFirst ? 'route.phone.first' : 'route.phone.small');
  if (id === 'signIn') return t(phoneFirst ? 'route.signIn.withPhone' : 'route.signIn.small');
  return t(`route.${id}.small`);
}
