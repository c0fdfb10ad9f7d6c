// The whole desk in plain Node: the real conductor, MSAL, Graph, key host and virtual keys around the twin. Only the window
// is missing; in its place a person with a browser that fills in forms, and time in the test's hand.
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { entraClients } from '../../main/compose/entra-clients.ts';
import type { Conductor } from '../../main/conductor/conductor.ts';
import { startConductor } from '../../main/conductor/conductor.ts';
import { cutOffStays } from '../../main/conductor/recovery.ts';
import type { CardSnapshot } from '../../contract/card.ts';
import type { Answer, Device, Intent, PassUse } from '../../contract/intent.ts';
import type { ScreenKind, ScreenOf, Snapshot } from '../../contract/snapshot.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { JournalEntry, JournalPort } from '../../main/ports/journal.ts';
import type { Keystroke } from '../../main/ports/keyboard.ts';
import type { PageFact } from '../../main/ports/page.ts';
import type { NetworkPath } from '../../main/ports/network-path.ts';
import type { Settings } from '../../main/ports/settings.ts';
import type { DeskPlace, TenantPort } from '../../main/ports/tenant.ts';
import { createTwin } from '../../main/simulator/entra/twin.ts';
import type { NewPass } from '../../main/simulator/entra/stage.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import type { TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { createPhone } from '../../main/simulator/phone/create-phone.ts';
import type { Phone, PhoneOutcome } from '../../main/simulator/phone/phone.ts';
import { beaconStand, type BeaconStand } from './beacon-stand.ts';
import { FormPage, type PageEnd, type PageKeyAnswer } from './form-page.ts';
import type { KeyHostDesk } from './key-host-desk.ts';
import { openKeyHostDesk } from './key-host-desk.ts';
import { seededRandomBytes } from './seeded-random.ts';
import { stationCertificate } from './twin-staff.ts';

export const person = { upn: 'noor.vandijk@', displayName: 'Noor van Dijk', pin: '836194' } as const;

export interface WholeDeskOptions {
  readonly isUsableOnce?: boolean;
  /** Terms of the person's pass beside whether it is for one use; null: they have none. */
  readonly pass?: Omit<NewPass, 'user' | 'isUsableOnce'> | null;
  /** Sets the tenant and the person as the story has them, before the desk starts; the pass is issued by then. */
  readonly scene?: (twin: Twin, upn: string) => void;
  /** The desk has a sign-in of its own and knows its place, as in training: it reads the tenant's rules. */
  readonly knows?: boolean;
  /** Runs before the nth HTTP exchange of MSAL and Graph; may throw as a broken network does. */
  readonly beforeHttp?: (count: number, request: Request) => void;
  /** What Graph answers instead of the twin; null: the twin does. */
  readonly insteadOfGraph?: (request: Request) => Response | null;
  /** Runs before the nth journal entry; may throw as a full disk does. */
  readonly beforeJournal?: (count: number) => void;
  readonly settings?: Partial<Settings>;
  /** Permissions the desk's registration has been granted beside those it needs. */
  readonly rights?: readonly string[];
  /** What this machine says of its network; null: nothing. */
  readonly path?: NetworkPath;
  /** Whether the registration asks Microsoft from where a person signed in. */
  readonly microsoftTellsAddress?: boolean;
  /** Where entries go instead of into a list. */
  readonly journal?: JournalPort;
  /** What an earlier run left in the journal. */
  readonly earlier?: readonly JournalEntry[];
}

/** A desk, a person, and what a test may do to them. */
export class WholeDesk {
  readonly host: KeyHostDesk;
  readonly twin: Twin;
  /** Asked where the settings name its address. */
  readonly beacon: BeaconStand;
  readonly conductor: Conductor;
  readonly upn: string;
  readonly pass: string;
  /** The person's own, with Authenticator on it. */
  readonly phone: Phone;
  readonly entries: JournalEntry[];
  readonly pictures: Snapshot[] = [];
  readonly bugs: unknown[];
  /** Cards, as the printer got them. */
  readonly printed: readonly CardSnapshot[];
  readonly #page: FormPage;
  readonly #strokes: StrokeSource;

  private constructor(parts: {
    host: KeyHostDesk;
    twin: Twin;
    beacon: BeaconStand;
    conductor: Conductor;
    upn: string;
    pass: string;
    phone: Phone;
    entries: JournalEntry[];
    bugs: unknown[];
    printed: CardSnapshot[];
    page: FormPage;
    strokes: StrokeSource;
  }) {
    this.host = parts.host;
    this.twin = parts.twin;
    this.beacon = parts.beacon;
    this.conductor = parts.conductor;
    this.upn = parts.upn;
    this.pass = parts.pass;
    this.phone = parts.phone;
    this.entries = parts.entries;
    this.bugs = parts.bugs;
    this.printed = parts.printed;
    this.#page = parts.page;
    this.#strokes = parts.strokes;
    this.pictures.push(this.conductor.hello());
    this.conductor.onShow((picture) => this.pictures.push(picture));
  }

  static async open(options: WholeDeskOptions = {}): Promise<WholeDesk> {
    const host = await openKeyHostDesk();
    const clock = portOf(host);
    const { path } = options;
    const beacon = beaconStand(clock);
    const settings: Settings = { ...defaultSettings, ...options.settings };
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
          idTokenAddress: options.microsoftTellsAddress ?? false,
          redirectUris: ['https://login.microsoftonline.com/common/oauth2/nativeclient'],
          graphScopes: [
            'User.Read',
            'UserAuthMethod-Passkey.ReadWrite',
            'UserAuthenticationMethod.Read',
            'UserAuthMethod-TAP.ReadWrite',
            ...(options.rights ?? []),
          ],
        },
      },
      opening: (stage) => stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: true } }),
    });
    const upn = `${person.upn}${twin.tenant.domain}`;
    twin.stage.addUser({ upn, displayName: person.displayName });
    const terms = options.pass === undefined ? {} : options.pass;
    const pass = terms === null ? '' : twin.stage.issuePass({ user: upn, isUsableOnce: options.isUsableOnce ?? false, ...terms });
    options.scene?.(twin, upn);
    const phone = createPhone({ http: (request) => twin.handle(request, 'phone'), randomBytes });
    let exchanges = 0;
    const http = sessionHttp(async (request) => {
      exchanges += 1;
      options.beforeHttp?.(exchanges, request);
      return options.insteadOfGraph?.(request) ?? twin.handle(request);
    });
    const entries: JournalEntry[] = [...(options.earlier ?? [])];
    const { identity, directory, tenant } = entraClients({
      settings,
      http,
      clock,
      random: randomBytes,
      firstPicture: Promise.resolve(),
      technicianClientId: null,
      station: options.knows ? await stationOf(twin) : null,
    });
    const page = new FormPage(twin);
    const strokes = new StrokeSource();
    const bugs: unknown[] = [];
    const printed: CardSnapshot[] = [];
    let stays = 0;
    let firstReading: Promise<unknown> = Promise.resolve();
    const watched: TenantPort | null = tenant && {
      ...tenant,
      rules: (call) => {
        const reading = tenant.rules(call);
        firstReading = reading;
        return reading;
      },
    };
    const conductor = startConductor({
      world: 'training',
      cutOff: cutOffStays(entries),
      closedBecause: null,
      ports: {
        clock,
        settings,
        identity,
        directory,
        directoryBy: { technician: null, station: null },
        journal: options.journal ?? listJournal(entries, clock, options.beforeJournal),
        keys: host.keys,
        page,
        keyboard: strokes,
        print: {
          print: (card) => {
            printed.push(card);
            return Promise.resolve({ ok: true, value: null });
          },
          forget: () => undefined,
        },
        tenant: watched,
        place: options.knows ? { where: async () => ({ ok: true, value: seenPlace(twin) }) } : null,
        beacon: settings.beaconUrl === null ? null : beacon.place,
        path: path === undefined ? null : { look: async () => ({ ok: true, value: path }) },
        mayServe: () => null,
        newStayId: () => `stay-${(stays += 1)}`,
        onBug: (bug) => bugs.push(bug),
      },
    });
    const desk = new WholeDesk({ host, twin, beacon, conductor, upn, pass, phone, entries, bugs, printed, page, strokes });
    // A desk in service has read the rules long before somebody walks up.
    await desk.run(firstReading);
    return desk;
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

  /** Microsoft's page as the person sees it. */
  get page(): FormPage {
    return this.#page;
  }

  /** Walks Microsoft's page as the person does; the desk catches the answer. */
  async signIn(upn = this.upn, pass = this.pass): Promise<PageEnd> {
    await this.untilIs(({ host }) => host?.state === 'verified');
    return this.run(this.#page.signIn(upn, pass));
  }

  /** The same with the number on the phone instead of the pass. */
  async signInByPhone(): Promise<PageEnd> {
    await this.untilIs(({ host }) => host?.state === 'verified');
    return this.run(this.#page.signInByPhone(this.upn, this.phone));
  }

  /** Work account, *Sign in*, the pass: on the phone, without this desk. */
  async addOnPhone(): Promise<PhoneOutcome> {
    this.phone.addWorkAccount();
    return this.run(this.phone.signIn({ upn: this.upn, pass: this.pass }));
  }

  /** The person's way over My Security Info to the call for the key; resolves with what the page is answered. */
  askForKeyOnPage(): Promise<PageKeyAnswer> {
    return this.#page.askForKey();
  }

  finishKeyOnPage(answer: PageKeyAnswer, name = 'Blue key'): Promise<void> {
    return this.run(this.#page.finishKey(answer, name));
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

  /** From the first touch to an answered plan. */
  async toPlan(devices: readonly Device[] = ['windows'], passUse: PassUse = 'several'): Promise<ScreenOf<'plan'>> {
    this.press({ type: 'start' });
    await this.until('plan');
    for (const device of devices) this.press({ type: 'plan.device', device, chosen: true });
    this.press({ type: 'plan.passUse', passUse });
    return this.screen('plan');
  }

  /** From the first touch to signed in. */
  async toKey(devices: readonly Device[] = ['windows'], passUse: PassUse = 'several'): Promise<void> {
    await this.toPlan(devices, passUse);
    this.press({ type: 'continue' });
    await this.signIn();
    await this.until('insertKey', 'trouble');
  }

  /** A fresh key with a finger near it, from the box to the screen that says it works. */
  async freshKeyWorks(): Promise<ScreenOf<'works'>> {
    const key = await this.key();
    key.autoTouch(200);
    await this.plug(key);
    await this.toWorks();
    return this.screen('works');
  }

  /** From an inserted fresh key to the screen that says it works. */
  async toWorks(): Promise<void> {
    await this.choosePin();
    await this.until('works', 'trouble', 'closed');
  }

  /** On a key without one, from the screen that describes it. */
  async choosePin(): Promise<void> {
    await this.until('keyReady');
    this.press({ type: 'pin.begin' });
    this.typePin(person.pin);
    await this.untilIs(({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
    this.typePin(person.pin);
  }

  async close(): Promise<void> {
    await this.host.run(this.conductor.stop());
    await this.host.close();
  }
}

async function stationOf(twin: Twin) {
  const made = await stationCertificate();
  const { clientId } = twin.tenant.stationApp;
  twin.stage.trustCertificate(clientId, made.certificateDer);
  return { clientId, credential: async () => ({ ok: true, value: made }) as const };
}

function seenPlace(twin: Twin): DeskPlace {
  const { address, country } = twin.stage.placeOf('desk');
  return { address, country };
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
