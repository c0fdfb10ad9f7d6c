// Runs what the care machine asks of the ports: feeds it facts, refuses what was said too late, publishes pictures, and wipes
// every PIN that no state names any more.
import type { CareIntent, CareSaid, CareSnapshot } from '../../../contract/care.ts';
import type { Answer } from '../../../contract/intent.ts';
import type { World } from '../../../contract/snapshot.ts';
import type { DeskNotice } from '../../ports/notice.ts';
import type { CareFact } from '../../session/care/care-event.ts';
import type { CareSession } from '../../session/care/care-session.ts';
import { startCareSession } from '../../session/care/care-session.ts';
import { NoticeRecord } from '../notice-record.ts';
import type { PinCollector } from '../pin-collector.ts';
import { SecretCells } from '../secret-cells.ts';
import { StayRecord } from '../stay-record.ts';
import { isPress, takePress } from '../take-press.ts';
import { careEffectsOf } from './care-effects.ts';
import type { CarePorts } from './care-ports.ts';

export interface CareConductor {
  hello(): CareSnapshot;
  say(said: CareSaid): Answer;
  onShow(listener: (picture: CareSnapshot) => void): () => void;
  /** The page is gone or not to be trusted: whatever was open with a PIN is closed. */
  rendererGone(what: string): void;
  /** The window refused or lost something: it is written down. */
  noticed(notice: DeskNotice): void;
  stop(): Promise<void>;
}

export function startCareConductor({ world, ports }: { readonly world: World; readonly ports: CarePorts }): CareConductor {
  const { clock, settings, care } = ports;
  const record = new StayRecord(ports.journal);
  const cells = new SecretCells();
  const notices = new NoticeRecord(clock, (body) => void record.write(body));
  let collector: PinCollector | null = null;

  const session: CareSession = startCareSession({
    input: { minPinLength: settings.minPinLength, nowWallMs: () => clock.wallMs() },
    place: { world, contact: settings.contact },
    effects: careEffectsOf({
      ports,
      runner: { record, onBug: ports.onBug },
      cells,
      tell: (fact) => tell(fact),
      onCollector: (now) => (collector = now),
    }),
  });
  const tell = (fact: CareFact): void => session.tell(fact);
  const sweepSecrets = (): void => {
    const { pin, newPin } = session.state().context;
    cells.keepOnly([pin, newPin]);
  };

  let cancelIdle = (): void => undefined;
  const watchIdle = (): void => {
    cancelIdle();
    cancelIdle = clock.after(settings.idleMs, () => {
      tell({ type: 'care.leftAlone' });
      // Work that was going on did not hear it; what it brings is forgotten the next time.
      watchIdle();
    });
  };

  const stops = [
    session.onChange(() => queueMicrotask(sweepSecrets)),
    care.watch(tell),
    ports.keyboard.onActivity(watchIdle),
    () => cancelIdle(),
  ];
  watchIdle();

  return {
    hello: () => session.picture(),
    say({ visit, intent }) {
      const picture = session.picture();
      if (visit !== picture.visit) return { taken: false, because: 'olderVisit' };
      if (!picture.allowed.includes(intent.type) || !isOffered(intent, picture))
        return { taken: false, because: 'notAllowedNow' };
      if (isPress(intent)) takePress(intent, collector);
      else session.say(intent);
      return { taken: true };
    },
    onShow: (listener) => session.onChange(listener),
    rendererGone(what) {
      void record.write({ event: 'renderer.gone', what });
      tell({ type: 'care.leftAlone' });
    },
    noticed: (notice) => notices.take(notice),
    async stop() {
      for (const stop of stops) stop();
      notices.close();
      session.stop();
      cells.keepOnly([]);
      await care.forget();
    },
  };
}

/** A task that this key does not offer is refused in words, not by silence. */
const isOffered = (intent: CareIntent, { tasks }: CareSnapshot): boolean =>
  intent.type !== 'care.begin' || tasks.includes(intent.task);
