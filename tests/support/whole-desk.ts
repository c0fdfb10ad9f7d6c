// The whole desk in plain Node: the real conductor, MSAL, Graph, key host and virtual keys around the twin. Only the window
// is missing; in its place a person with a browser that fills in forms, and time in the test's hand.
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createMsalIdentity } from '../../main/adapters/identity-msal/msal-identity.ts';
import { readSettings } from '../../main/adapters/settings-file/read-settings.ts';
import type { Conductor } from '../../main/conductor/conductor.ts';
import { startConductor } from '../../main/conductor/conductor.ts';
import { cutOffStays } from '../../main/conductor/recovery.ts';
import type { Answer, Intent } from '../../contract/intent.ts';
import type { ScreenKind, ScreenOf, Snapshot } from '../../contract/snapshot.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { JournalEntry, JournalPort } from '../../main/ports/journal.ts';
import type { Keystroke } from '../../main/ports/keyboard.ts';
import type { MadeCredential } from '../../main/ports/key.ts';
import type { KeyCallFailure } from '../../contract/page-key.ts';
import type { AnswerTicket, KeyAsk, PageFact, PagePort } from '../../main/ports/page.ts';
import type { Settings } from '../../main/ports/settings.ts';
import { createTwin } from '../../main/simulator/entra/twin.ts';
import { createTwinSession } from '../../main/simulator/entra/twin-session.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import type { TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import type { KeyHostDesk } from './key-host-desk.ts';
import { openKeyHostDesk } from './key-host-desk.ts';
import { seededRandomBytes } from './seeded-random.ts';
import { TwinBrowser } from './twin-browser.ts';

export const person = { upn: 'noor.vandijk@', displayName: 'Noor van Dijk', pin: '836194' } as const;

export interface WholeDeskOptions {
  readonly isUsableOnce?: boolean;
  /** Runs before the nth HTTP exchange of MSAL and Graph; may throw as a broken network does. */
  readonly beforeHttp?: (count: number, request: Request) => void;
  /** Runs before the nth journal entry; may throw as a full disk does. */
  readonly beforeJournal?: (count: number) => void;
  readonly settings?: Partial<Settings>;
  /** What an earlier run left in the journal. */
  readonly earlier?: readonly JournalEntry[];
}

/** A desk, a person, and what a test may do to them. */
export class WholeDesk {
  readonly host: KeyHostDesk;
  readonly twin: Twin;
  readonly conductor: Conductor;
  readonly upn: string;
  readonly pass: string;
  readonly entries: JournalEntry[];
  readonly pictures: Snapshot[] = [];
  readonly bugs: unknown[];
  readonly #page: FormPage;
  readonly #strokes: StrokeSource;

  private constructor(parts: {
    host: KeyHostDesk;
    twin: Twin;
    conductor: Conductor;
    upn: string;
    pass: string;
    entries: JournalEntry[];
    bugs: unknown[];
    page: FormPage;
    strokes: StrokeSource;
  }) {
    this.host = parts.host;
    this.twin = parts.twin;
    this.conductor = parts.conductor;
    this.upn = parts.upn;
    this.pass = parts.pass;
    this.entries = parts.entries;
    this.bugs = parts.bugs;
    this.#page = parts.page;
    this.#strokes = parts.strokes;
    this.pictures.push(this.conductor.hello());
    this.conductor.onShow((picture) => this.pictures.push(picture));
  }

  static async open(options: WholeDeskOptions = {}): Promise<WholeDesk> {
    const host = await openKeyHostDesk();
    const clock = portOf(host);
    const settings: Settings = { ...readSettings({ path: null }).settings, ...options.settings };
    const randomBytes = seededRandomBytes('whole desk');
    const twin = await createTwin({
      clock,
      randomBytes,
      trustedAttestationRoots: host.attestationRoots,
      tenant: {
        tenantId: settings.tenantId,
        app: {
          clientId: settings.clientId,
          displayName: 'Firstkey',
          redirectUris: ['https://login.microsoftonline.com/common/oauth2/nativeclient'],
          graphScopes: [
            'User.Read',
            'UserAuthMethod-Passkey.ReadWrite',
            'UserAuthenticationMethod.Read',
            'UserAuthMethod-TAP.ReadWrite',
          ],
        },
      },
      opening: (stage) => stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: true } }),
    });
    const upn = `${person.upn}${twin.tenant.domain}`;
    twin.stage.addUser({ upn, displayName: person.displayName });
    const pass = twin.stage.issuePass({ user: upn, isUsableOnce: options.isUsableOnce ?? false });
    let exchanges = 0;
    const http = sessionHttp(async (request) => {
      exchanges += 1;
      options.beforeHttp?.(exchanges, request);
      return twin.handle(request);
    });
    const entries: JournalEntry[] = [...(options.earlier ?? [])];
    const identity = createMsalIdentity({ settings, http, clock });
    const page = new FormPage(twin);
    const strokes = new StrokeSource();
    const bugs: unknown[] = [];
    let stays = 0;
    const conductor = startConductor({
      world: 'training',
      cutOff: cutOffStays(entries),
      closedBecause: null,
      ports: {
        clock,
        settings,
        identity,
        directory: createGraphDirectory({ settings, http, tokens: identity, clock, random: randomBytes }),
        journal: listJournal(entries, clock, options.beforeJournal),
        keys: host.keys,
        page,
        keyboard: strokes,
        print: { print: () => Promise.resolve({ ok: true, value: null }), forget: () => undefined },
        tenant: null,
        place: null,
        newStayId: () => `stay-${(stays += 1)}`,
        onBug: (bug) => bugs.push(bug),
      },
    });
    return new WholeDesk({ host, twin, conductor, upn, pass, entries, bugs, page, strokes });
  }

  get picture(): Snapshot {
    return this.conductor.hello();
  }

  /** The screen, which must be of this kind. */
  screen<K extends ScreenKind>(kind: K): ScreenOf<K> {
    const { screen } = this.picture;
    if (screen.kind !== kind) throw new Error(`the desk shows ${JSON.stringify(screen)}, not ${kind}`);
    return screen as ScreenOf<K>;
  }

  /** Presses what is on the screen now. */
  say(intent: Intent): Answer {
    return this.conductor.say({ visit: this.picture.visit, intent });
  }

  /** Presses, and complains when the desk does not take it. */
  press(intent: Intent): void {
    const answer = this.say(intent);
    if (!answer.taken)
      throw new Error(`${intent.type} was refused: ${answer.because}, on ${JSON.stringify(this.picture.screen)}`);
  }

  /** Lets time pass until the desk shows one of these screens. */
  async until(...kinds: readonly ScreenKind[]): Promise<Snapshot> {
    await this.untilIs((picture) => kinds.includes(picture.screen.kind));
    return this.picture;
  }

  async untilIs(is: (picture: Snapshot) => boolean): Promise<void> {
    let reached = is(this.picture);
    const stop = this.conductor.onShow((picture) => (reached ||= is(picture)));
    try {
      await this.#pass(() => reached);
    } catch (stuck) {
      throw new Error(`stuck at ${JSON.stringify({ screen: this.picture.screen, overlay: this.picture.overlay })}`, {
        cause: stuck,
      });
    } finally {
      stop();
    }
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => (over = true);
    work.then(end, end);
    await this.#pass(() => over);
    return work;
  }

  /**
   * Moves time in small steps with a little real time between them: signatures and digests run on threads of their own, and
   * a clock that jumped ahead of them would wipe a stay for being idle.
   */
  async #pass(enough: () => boolean): Promise<void> {
    for (let step = 0; !enough(); step += 1) {
      if (step > 4_000) throw new Error('it did not come in 400 seconds');
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (!enough()) await this.host.clock.advance(100);
    }
  }

  /** Walks Microsoft's page as the person does; the desk catches the answer. */
  async signIn(upn = this.upn, pass = this.pass): Promise<void> {
    await this.run(this.#page.signIn(upn, pass));
  }

  pageFact(fact: PageFact): void {
    this.#page.tell(fact);
  }

  typePin(pin: string): void {
    for (const symbol of pin) this.#strokes.type({ kind: 'symbol', symbol });
    this.#strokes.type({ kind: 'submit' });
  }

  activity(): void {
    this.#strokes.active();
  }

  key(training: TrainingKey = TRAINING_KEYS.modern): Promise<VirtualKey> {
    return this.host.makeKey(training);
  }

  async plug(key: VirtualKey): Promise<void> {
    this.host.usb.plug(key);
    await this.untilIs(({ screen }) => screen.kind !== 'insertKey' && screen.kind !== 'replugKey');
  }

  /** From the first touch to signed in. */
  async toKey(devices: readonly ('windows' | 'iphone')[] = ['windows'], passUse: 'once' | 'several' = 'several'): Promise<void> {
    this.press({ type: 'start' });
    await this.until('plan');
    for (const device of devices) this.press({ type: 'plan.device', device, chosen: true });
    this.press({ type: 'plan.passUse', passUse });
    this.press({ type: 'continue' });
    await this.untilIs(({ host }) => host?.state === 'verified');
    await this.signIn();
    await this.until('insertKey', 'trouble');
  }

  /** From an inserted fresh key to the screen that says it works. */
  async toWorks(): Promise<void> {
    await this.until('keyReady');
    this.press({ type: 'pin.begin' });
    this.typePin(person.pin);
    await this.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
    this.typePin(person.pin);
    await this.until('works', 'trouble', 'closed');
  }

  async close(): Promise<void> {
    await this.host.run(this.conductor.stop());
    await this.host.close();
  }
}

function portOf(host: KeyHostDesk): ClockPort {
  const startWallMs = Date.now();
  const startMs = host.clock.nowMs();
  return {
    nowMs: () => host.clock.nowMs(),
    wallMs: () => startWallMs + host.clock.nowMs() - startMs,
    after: (delayMs, run) => {
      const stop = new AbortController();
      host.clock.wait(delayMs, stop.signal).then(run, () => undefined);
      return () => stop.abort();
    },
  };
}

function listJournal(entries: JournalEntry[], clock: ClockPort, before: ((count: number) => void) | undefined): JournalPort {
  let count = 0;
  return {
    append: async (stay, body) => {
      count += 1;
      before?.(count);
      const entry: JournalEntry = { sequence: entries.length + 1, atMs: clock.wallMs(), stay, body };
      entries.push(entry);
      return entry;
    },
    unfinished: () => Promise.resolve(entries),
  };
}

class StrokeSource {
  readonly #active = new Set<() => void>();
  #listener: ((stroke: Keystroke) => void) | null = null;

  capture(listener: (stroke: Keystroke) => void): () => void {
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = null;
    };
  }

  onActivity(listener: () => void): () => void {
    this.#active.add(listener);
    return () => this.#active.delete(listener);
  }

  type(stroke: Keystroke): void {
    this.#listener?.(stroke);
  }

  active(): void {
    for (const listener of this.#active) listener();
  }
}

/** What a page's request for a key came to. */
type PageKeyAnswer = { readonly made: MadeCredential } | { readonly failure: KeyCallFailure };

/** Microsoft's page without a window: the same facts the shell would tell, from a browser that fills in forms. */
class FormPage implements PagePort {
  readonly #twin: Twin;
  readonly #listeners = new Set<(fact: PageFact) => void>();
  readonly #answers = new Map<number, string>();
  readonly #asks = new Map<number, (answer: PageKeyAnswer) => void>();
  #browser: TwinBrowser | null = null;
  #url = '';
  #last = 0;

  constructor(twin: Twin) {
    this.#twin = twin;
  }

  watch(listener: (fact: PageFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(fact: PageFact): void {
    for (const listener of [...this.#listeners]) listener(fact);
  }

  async open({ url, language }: { readonly url: string; readonly language: string }): Promise<void> {
    this.#browser ??= new TwinBrowser(createTwinSession(this.#twin), language);
    this.#url = url;
    this.tell({ type: 'page.host', host: new URL(url).host, verified: true });
  }

  place(): void {}

  type(): void {}

  takeAnswer({ answer }: AnswerTicket): string | null {
    const address = this.#answers.get(answer) ?? null;
    this.#answers.delete(answer);
    return address;
  }

  async answerKey({ ask }: KeyAsk, made: MadeCredential): Promise<boolean> {
    return this.#settle(ask, { made });
  }

  refuseKey({ ask }: KeyAsk, failure: KeyCallFailure): void {
    this.#settle(ask, { failure });
  }

  #settle(ask: number, answer: PageKeyAnswer): boolean {
    const waiting = this.#asks.get(ask);
    this.#asks.delete(ask);
    waiting?.(answer);
    return waiting !== undefined;
  }

  async forget(): Promise<readonly string[]> {
    this.#browser = null;
    this.#answers.clear();
    return [];
  }

  async signIn(upn: string, pass: string): Promise<void> {
    const browser = this.#browser;
    if (!browser) throw new Error('no page is open');
    await browser.open(this.#url);
    await browser.submit({ loginfmt: upn });
    this.tell({ type: 'page.place', place: 'pass' });
    await browser.submit({ accesspass: pass });
    if (browser.aadsts !== null) return this.tell({ type: 'page.refusal', aadsts: browser.aadsts });
    if (browser.url.includes('/kmsi')) {
      this.tell({ type: 'page.place', place: 'stay' });
      await browser.submit({ LoginOptions: '3' });
    }
    if (!browser.caught) throw new Error(`the sign-in ended at ${browser.url}`);
    this.#last += 1;
    this.#answers.set(this.#last, browser.caught.href);
    this.tell({ type: 'page.answered', answer: { answer: this.#last } });
  }
}
