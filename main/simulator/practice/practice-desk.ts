// The practice desk of the training world: hands the practising person a slip, a tray of virtual keys and a phone. It sets
// the twin's scene and moves the simulators; it never reaches into the desk itself.
import type {
  PracticeAnswer,
  PracticeIntent,
  PracticeKey,
  PracticeLedger,
  PracticePass,
  PracticeSlip,
  PracticeSnapshot,
  PracticeTenant,
  PracticeTouch,
} from '../../../contract/practice.ts';
import type { Language } from '../../../contract/intent.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { PassUsability, Stage } from '../entra/stage.ts';
import type { Twin } from '../entra/twin.ts';
import type { Phone, PhoneOutcome } from '../phone/phone.ts';
import { nextColleague } from './colleagues.ts';
import { practiceTenantOn } from './practice-tenant.ts';

/** The tray of virtual keys, wherever they live. Each verb answers whether it was possible. */
export interface PracticeTray {
  readonly keys: readonly PracticeKey[];
  onKeys(listener: (keys: readonly PracticeKey[]) => void): () => void;
  plugIn(keyId: string): Promise<boolean>;
  takeOut(keyId: string): Promise<boolean>;
  touch(keyId: string, how: PracticeTouch): Promise<boolean>;
  renew(keyId: string): Promise<boolean>;
}

export interface PracticeDeskParts {
  readonly twin: Twin;
  readonly phone: Phone;
  readonly tray: PracticeTray;
  readonly clock: ClockPort;
  /** Reads the QR code on the screen as a phone's camera would; null when none is seen. */
  readonly lookAtScreen: () => Promise<string | null>;
  readonly onFold: (folded: boolean) => void;
  /** The tenant has other rules, or the desk another place, than a moment ago. */
  readonly onTenant: () => void;
  readonly beside: PracticeSnapshot['beside'];
  /** The first slip. */
  readonly firstPass: PracticePass;
}

export interface PracticeDesk {
  hello(): PracticeSnapshot;
  say(intent: PracticeIntent): Promise<PracticeAnswer>;
  onShow(listener: (picture: PracticeSnapshot) => void): () => void;
  /** The kiosk speaks this language now; the practice desk follows. */
  setLanguage(language: Language): void;
  /** Something may have changed in the account; shows it if so. */
  refresh(): void;
  /** A stay ended well: the next colleague comes with the same kind of pass. */
  welcomeNext(): void;
  close(): void;
}

interface PassTerms {
  readonly lifetimeMinutes: number;
  readonly startsInMinutes: number;
  readonly isUsableOnce: boolean;
}

const termsOf: Readonly<Record<PracticePass, PassTerms>> = {
  several: { lifetimeMinutes: 60, startsInMinutes: 0, isUsableOnce: false },
  once: { lifetimeMinutes: 60, startsInMinutes: 0, isUsableOnce: true },
  expired: { lifetimeMinutes: 60, startsInMinutes: -120, isUsableOnce: false },
  notYet: { lifetimeMinutes: 60, startsInMinutes: 30, isUsableOnce: false },
};

/** How often the phone asks for notifications while it has accounts. */
const notificationsEveryMs = 1_500;

export function createPracticeDesk(parts: PracticeDeskParts): PracticeDesk {
  const { twin, phone, tray, clock } = parts;
  const listeners = new Set<(picture: PracticeSnapshot) => void>();
  let colleagues = 0;
  let language: Language = 'en';
  let folded = false;
  let appInstalled = false;
  let slip = newSlip(parts.firstPass);
  const become = practiceTenantOn(twin.stage);
  let tenant: PracticeTenant = 'usual';
  let closed = false;

  function newSlip(use: PracticePass): PracticeSlip {
    const colleague = nextColleague(colleagues, twin.tenant.domain);
    colleagues += 1;
    return issue(twin.stage, colleague.displayName, colleague.upn, use, clock.wallMs());
  }

  const picture = (): PracticeSnapshot => ({
    tenant,
    slip,
    ledger: ledgerOf(twin.stage, slip.userName),
    keys: tray.keys,
    phone: phonePicture(),
    beside: parts.beside,
    folded,
    language,
  });

  function phonePicture(): PracticeSnapshot['phone'] {
    if (!appInstalled) return { app: false };
    const { screen, accounts, notice, noticeCode, signIn, request } = phone.snapshot();
    return {
      app: true,
      screen,
      accounts: accounts.map((account) => ({ userName: account.upn, phoneSignIn: account.phoneSignIn })),
      notice,
      noticeCode,
      form: signIn && { purpose: signIn.purpose, userName: signIn.upn },
      request: request && { kind: request.kind, userName: request.upn },
    };
  }

  let shownLedger = '';
  const show = (): void => {
    const now = picture();
    shownLedger = JSON.stringify(now.ledger);
    for (const listener of listeners) listener(now);
  };
  const stops = [tray.onKeys(show), phone.subscribe(show)];

  let cancelNotifications: () => void = () => undefined;
  const askForNotifications = async (): Promise<void> => {
    const { screen, accounts } = phone.snapshot();
    if (accounts.length > 0 && (screen === 'home' || screen === 'approve')) await phone.checkNotifications();
    if (!closed) cancelNotifications = clock.after(notificationsEveryMs, () => void askForNotifications());
  };
  void askForNotifications();

  const next = (use: PracticePass): void => {
    phone.erase();
    appInstalled = false;
    for (const key of tray.keys) if (key.state !== 'inTray') void tray.takeOut(key.id);
    slip = newSlip(use);
    show();
  };

  const done = (): PracticeAnswer => {
    show();
    return { taken: true };
  };

  return {
    hello: picture,
    onShow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setLanguage(now) {
      if (now === language) return;
      language = now;
      show();
    },
    refresh() {
      if (JSON.stringify(ledgerOf(twin.stage, slip.userName)) !== shownLedger) show();
    },
    welcomeNext: () => next(slip.use),
    close() {
      closed = true;
      cancelNotifications();
      for (const stop of stops) stop();
      listeners.clear();
    },
    async say(intent) {
      switch (intent.type) {
        case 'person.next':
          next(intent.pass);
          return { taken: true };
        case 'fold':
          folded = !folded;
          parts.onFold(folded);
          return done();
        case 'tenant.become':
          become(intent.tenant);
          tenant = intent.tenant;
          parts.onTenant();
          return done();
        case 'key.plugIn':
          return possible(await tray.plugIn(intent.keyId));
        case 'key.takeOut':
          return possible(await tray.takeOut(intent.keyId));
        case 'key.touch':
          return possible(await tray.touch(intent.keyId, intent.how));
        case 'key.renew':
          return possible(await tray.renew(intent.keyId));
        case 'phone.installApp':
          appInstalled = true;
          return done();
        case 'phone.scan':
          return scan();
        case 'phone.addAccount':
          return onPhone(() => phone.addWorkAccount());
        case 'phone.signIn':
          return onPhone(() => phone.signIn({ upn: intent.userName, pass: intent.pass }));
        case 'phone.turnOnSignIn':
          return onPhone(() => phone.setUpPhoneSignIn(intent.userName));
        case 'phone.answerNumber':
          return onPhone(() => phone.approve(intent.number));
        case 'phone.deny':
          return onPhone(() => phone.deny());
        case 'phone.home':
          phone.home();
          return done();
        default:
          throw new Error(`practice desk: nobody said ${JSON.stringify(intent satisfies never)}`);
      }
    },
  };

  async function scan(): Promise<PracticeAnswer> {
    if (!appInstalled || !phone.openScanner().ok) return { taken: false, because: 'notPossibleNow' };
    await phone.scan(await parts.lookAtScreen());
    return done();
  }

  /** The phone shows by itself what came of it; only "that can't be done now" is an answer of its own. */
  async function onPhone(act: () => PhoneOutcome | Promise<PhoneOutcome>): Promise<PracticeAnswer> {
    if (!appInstalled) return { taken: false, because: 'notPossibleNow' };
    const outcome = await act();
    return outcome.ok || outcome.because !== 'notPossibleNow' ? done() : { taken: false, because: 'notPossibleNow' };
  }
}

function ledgerOf(stage: Stage, userName: string): PracticeLedger {
  const { passkeys, pass, authenticators } = stage.methods(userName);
  return {
    keys: passkeys.map((key) => ({
      name: key.displayName,
      aaguid: key.aaguid,
      attestationFormat: key.attestationFormat,
      attested: key.attestationLevel === 'attested',
      verifiedBy: key.verifiedBy,
      createdAtMs: key.createdAtMs,
    })),
    phones: authenticators.map((phone) => ({ name: phone.displayName, phoneSignIn: phone.phoneSignIn })),
    pass: pass === null ? 'none' : passStates[pass.usability],
  };
}

const passStates = {
  EnabledByPolicy: 'usable',
  DisabledByPolicy: 'switchedOff',
  Expired: 'expired',
  NotYetValid: 'notYet',
  OneTimeUsed: 'used',
} as const satisfies Record<PassUsability, PracticeLedger['pass']>;

const possible = (taken: boolean): PracticeAnswer => (taken ? { taken: true } : { taken: false, because: 'notPossibleNow' });

function issue(stage: Stage, displayName: string, upn: string, use: PracticePass, nowMs: number): PracticeSlip {
  const terms = termsOf[use];
  stage.addUser({ upn, displayName });
  const pass = stage.issuePass({ user: upn, ...terms });
  const startsAtMs = nowMs + terms.startsInMinutes * 60_000;
  return { displayName, userName: upn, pass, use, startsAtMs, endsAtMs: startsAtMs + terms.lifetimeMinutes * 60_000 };
}
