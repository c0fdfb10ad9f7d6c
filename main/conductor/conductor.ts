// Runs what the session asks of the ports: feeds it facts, refuses what was said too late, publishes pictures, and keeps
// Microsoft's page exactly where a verified picture has room for it.
import type { Answer, Frame, Intent, Said } from '../../contract/intent.ts';
import type { Reason } from '../../contract/reason.ts';
import type { Snapshot, World } from '../../contract/snapshot.ts';
import type { Fact } from '../session/event.ts';
import { deskFactsOf } from '../session/planner/desk-facts.ts';
import type { Session } from '../session/session.ts';
import { startSession } from '../session/session.ts';
import type { DeskPorts } from './desk-ports.ts';
import type { DeskNotice } from '../ports/notice.ts';
import type { KeyAsk, PageFact } from '../ports/page.ts';
import { DeskKnowledgeKeeper } from './desk-knowledge.ts';
import { Gate } from './gate.ts';
import { keyEffects } from './key-effects.ts';
import { MadeCredentials } from './made-credentials.ts';
import { NoticeRecord } from './notice-record.ts';
import type { PinCollector } from './pin-collector.ts';
import type { CutOffStay } from './recovery.ts';
import { SecretCells } from './secret-cells.ts';
import { stayEffects } from './stay-effects.ts';
import { StayRecord } from './stay-record.ts';
import { takePress } from './take-press.ts';

export interface ConductorParts {
  readonly world: World;
  readonly ports: DeskPorts;
  readonly cutOff: readonly CutOffStay[];
  readonly closedBecause: Reason | null;
}

export interface Conductor {
  hello(): Snapshot;
  say(said: Said): Answer;
  onShow(listener: (picture: Snapshot) => void): () => void;
  /** The kiosk page is gone or not to be trusted: the stay ends. */
  rendererGone(what: string): void;
  /** The tenant's rules or the desk's place changed just now: what is known of them counts as old. */
  rulesChanged(): void;
  /** The window refused or lost something: it is written down. */
  noticed(notice: DeskNotice): void;
  stop(): Promise<void>;
}

/** Activity resets the idle watch; once a second is often enough for that. */
const activityEveryMs = 1_000;

export function startConductor({ world, ports, cutOff, closedBecause }: ConductorParts): Conductor {
  const { clock, settings } = ports;
  const record = new StayRecord(ports.journal);
  const cells = new SecretCells();
  const credentials = new MadeCredentials();
  const cutOffIn = new Map(cutOff.flatMap(({ stay, open }) => open.map((credentialIdB64u) => [credentialIdB64u, stay] as const)));
  const gate = new Gate(ports);
  const knowledge = new DeskKnowledgeKeeper({ clock, tenant: ports.tenant, gate, onBug: ports.onBug });
  knowledge.begin();
  const notices = new NoticeRecord(clock, (body) => void record.write(body));
  let collector: PinCollector | null = null;
  let frame: { readonly screen: string; readonly rect: Frame } | null = null;
  let placed: string | null = null;

  const runner = { record, onBug: ports.onBug };
  const session: Session = startSession({
    input: {
      world,
      contact: settings.contact,
      idleMs: settings.idleMs,
      idleAwayMs: settings.idleAwayMs,
      minPinLength: settings.minPinLength,
      litPorts: settings.litPorts,
      preferAuthenticator: settings.preferAuthenticator,
      deskFacts: deskFactsOf(settings),
      registrationRoutes: settings.registrationRoutes,
      findings: cutOff.flatMap((stay) => stay.findings),
      nowWallMs: () => clock.wallMs(),
      closedBecause,
    },
    effects: {
      ...stayEffects({
        ports,
        runner,
        cells,
        credentials,
        cutOff,
        knowledge,
        gate,
        tell: (fact) => tell(fact),
        onCollector: (now) => (collector = now),
      }),
      ...keyEffects({
        ports,
        runner,
        cells,
        credentials,
        cutOffIn,
        onProgress: (progress) => tell({ type: 'key.progress', progress }),
        onLateKey: (key, made) => tell({ type: 'key.madeLate', key, made }),
      }),
    },
    clock: sessionClock(ports),
  });

  const place = (picture: Snapshot): void => {
    const wanted =
      picture.host?.state === 'verified' && picture.overlay === null && frame?.screen === picture.screen.kind ? frame.rect : null;
    const now = JSON.stringify(wanted);
    if (now === placed) return;
    placed = now;
    ports.page.place(wanted);
  };

  let telling = 0;
  const sweepSecrets = (): void => {
    // In the middle of a step a new ticket is handed over but stands in no state yet.
    if (telling > 0) return;
    const { flow } = session.state();
    cells.keepOnly(flow?.flow === 'key' ? [flow.snapshot.context.pin, flow.snapshot.context.oldPin] : []);
  };

  let pageAsk: KeyAsk | null = null;
  /** A page's request that no step holds any more is over: the page is told, and goes on by itself. */
  const sweepAsk = (): void => {
    if (telling > 0 || pageAsk === null) return;
    const { flow } = session.state();
    const held = flow?.flow === 'key' ? (flow.snapshot.context.ask ?? flow.snapshot.context.signIn?.ask) : undefined;
    if (held?.ask === pageAsk.ask) return;
    ports.page.refuseKey(pageAsk, 'NotAllowedError');
    pageAsk = null;
  };

  /** One fact, whole. Pictures are shown in between, and Electron runs waiting promises whenever something is sent to a page. */
  const tell = (fact: Fact): void => {
    telling += 1;
    try {
      session.tell(fact);
    } finally {
      telling -= 1;
    }
    sweepSecrets();
    sweepAsk();
  };

  /** The technician reads why a sign-in took long, or ended there. */
  const noteInterrupt = (): void => {
    const { flow } = session.state();
    if (flow?.flow !== 'signIn' || flow.snapshot.context.notice?.code === 'signIn.moreAsked') return;
    void record.write({ event: 'trouble', reason: 'signIn.moreAsked', status: null });
  };

  const tellOfPage = (fact: PageFact): void => {
    // A page asks where nobody means to set up a key by it: as if there were none.
    if (fact.type === 'page.keyAsked' || fact.type === 'page.signInAsked') {
      if (!session.awaits(fact)) return ports.page.refuseKey(fact.ask, 'NotAllowedError');
      pageAsk = fact.ask;
    }
    if (fact.type === 'page.place' && fact.place === 'moreAsked') noteInterrupt();
    tell(fact);
  };

  const follow = (picture: Snapshot): void => {
    // What an effect brought is told to nobody here: its step is over when the promise it came with is.
    queueMicrotask(sweepSecrets);
    queueMicrotask(sweepAsk);
    if (frame !== null && frame.screen !== picture.screen.kind) frame = null;
    place(picture);
  };

  let quietUntilMs = 0;
  const stops = [
    session.onChange(follow),
    ports.keys.watch(tell),
    ports.page.watch(tellOfPage),
    ports.keyboard.onActivity(() => {
      if (clock.nowMs() < quietUntilMs) return;
      quietUntilMs = clock.nowMs() + activityEveryMs;
      tell({ type: 'desk.activity' });
    }),
  ];

  /** Presses and rectangles are for the desk's hands, not for the machines. */
  const takeInHand = (intent: Intent, picture: Snapshot): boolean => {
    switch (intent.type) {
      case 'pin.press':
      case 'pin.delete':
      case 'pin.submit':
        takePress(intent, collector);
        return true;
      case 'keyboard.press':
        ports.page.type(intent.symbol);
        return true;
      case 'page.frame':
        frame =
          intent.frame.width === 0 || intent.frame.height === 0 ? null : { screen: picture.screen.kind, rect: intent.frame };
        place(picture);
        return true;
      default:
        return false;
    }
  };

  return {
    hello: () => session.picture(),
    say({ visit, intent }) {
      const picture = session.picture();
      // A page reports its layout as soon as it has one, which may be a showing later than the one it was told of.
      if (intent.type !== 'page.frame') {
        if (visit !== picture.visit) return { taken: false, because: 'olderVisit' };
        if (!picture.allowed.includes(intent.type)) return { taken: false, because: 'notAllowedNow' };
      }
      if (intent.type === 'phone.skip') void record.write({ event: 'phone.skipped' });
      if (!takeInHand(intent, picture)) session.say(intent);
      return { taken: true };
    },
    onShow: (listener) => session.onChange(listener),
    rendererGone(what) {
      void record.write({ event: 'renderer.gone', what });
      tell({ type: 'desk.rendererGone' });
    },
    rulesChanged: () => knowledge.outdate(),
    noticed: (notice) => notices.take(notice),
    async stop() {
      for (const stop of stops) stop();
      notices.close();
      knowledge.stop();
      session.stop();
      cells.keepOnly([]);
      ports.print.forget();
      const [leftovers] = await Promise.all([ports.page.forget(), ports.identity.forget(), ports.keys.forget()]);
      if (!record.inStay) return;
      await record.write({ event: 'stay.ended', how: 'left', ways: [] });
      // A credential that nobody has heard of any more is for the next start to tell.
      if (credentials.take().length === 0) await record.write({ event: 'stay.wiped', leftovers: leftovers.length });
      record.end();
    },
  };
}

function sessionClock({ clock }: DeskPorts) {
  return {
    setTimeout: (run: () => void, delayMs: number): unknown => clock.after(delayMs, run),
    clearTimeout: (cancel: unknown): void => {
      if (typeof cancel === 'function') cancel();
    },
  };
}
