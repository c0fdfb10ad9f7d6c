// The practice phone at work: one state, replaced as a whole; every verb says whether it was possible and what came of it.
// Nothing of a pass, a number or a token is kept in what others can see.
import { PhoneServices, Unreachable, readActivationCode, type AnsweredState, type PhoneRegistration } from './phone-services.ts';
import { signInOnPhone } from './phone-sign-in.ts';
import type {
  Phone,
  PhoneAccount,
  PhoneNotice,
  PhoneOptions,
  PhoneOutcome,
  PhoneRequest,
  PhoneScreen,
  PhoneSnapshot,
} from './phone.ts';

interface Account extends PhoneAccount {
  readonly methodId: string;
  readonly secret: string;
  /** Of the phone's own sign-in for this account; null after a QR code, which signs nobody in. */
  readonly accessToken: string | null;
}

interface State {
  readonly screen: PhoneScreen;
  readonly accounts: readonly Account[];
  readonly request: (PhoneRequest & { readonly id: string; readonly secret: string }) | null;
  readonly signIn: PhoneSnapshot['signIn'];
  readonly notice: PhoneNotice | null;
  readonly noticeCode: number | null;
}

const OUT_OF_THE_BOX: State = { screen: 'home', accounts: [], request: null, signIn: null, notice: null, noticeCode: null };

export function createPhone(options: PhoneOptions): Phone {
  const services = new PhoneServices(options.http);
  const phoneFacts = {
    deviceName: options.deviceName ?? (options.platform === 'ios' ? 'iPhone' : 'Pixel 9'),
    appVersion: options.appVersion ?? '6.2611.1',
  };
  const listeners = new Set<(snapshot: PhoneSnapshot) => void>();
  let state = OUT_OF_THE_BOX;
  /** Work of an earlier life of the phone is dropped. */
  let life = 0;

  const become = (change: Partial<State>): void => {
    state = { ...state, ...change };
    const snapshot = snapshotOf(state);
    for (const listener of listeners) listener(snapshot);
  };
  const settle = (notice: PhoneNotice, noticeCode: number | null = null): void => {
    become({ screen: 'home', signIn: null, notice, noticeCode });
  };
  const refused = (because: PhoneNotice, aadsts: number | null = null): PhoneOutcome => {
    settle(because, aadsts);
    return { ok: false, because, ...(aadsts === null ? {} : { aadsts }) };
  };
  const replaceAccount = (account: Account): void => {
    const others = state.accounts.filter((other) => other.methodId !== account.methodId);
    become({ accounts: [...others, account] });
  };

  /** Runs one exchange with the screen on `working`; a network that fails ends on the list of accounts. */
  const working = async (work: (stillMine: () => boolean) => Promise<PhoneOutcome>): Promise<PhoneOutcome> => {
    const mine = life;
    become({ screen: 'working', notice: null, noticeCode: null });
    try {
      return await work(() => mine === life);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return mine === life ? refused('unreachable') : NOT_POSSIBLE;
    }
  };

  const accountOf = (registration: PhoneRegistration, accessToken: string | null): Account => {
    const { methodId, secret, upn, tenantName } = registration;
    return { methodId, secret, upn, tenantName, accessToken, phoneSignIn: false };
  };
  /** The last two steps: the phone becomes a device, the device a key. */
  const turnOnPhoneSignIn = async (account: Account, accessToken: string): Promise<boolean> => {
    const device = await services.registerDevice(accessToken, phoneFacts.deviceName);
    return device !== 'refused' && (await services.registerKey(accessToken, device.deviceId, account.methodId)) === 'done';
  };
  const askForPass = (upn: string): PhoneOutcome => {
    become({ screen: 'signIn', signIn: { purpose: 'phoneSignIn', upn }, notice: null, noticeCode: null });
    return { ok: false, because: 'passNeeded' };
  };
  const finishSetUp = async (account: Account, accessToken: string, stillMine: () => boolean): Promise<PhoneOutcome> => {
    const on = await turnOnPhoneSignIn(account, accessToken);
    if (!stillMine()) return NOT_POSSIBLE;
    const isNew = !state.accounts.some((known) => known.methodId === account.methodId);
    replaceAccount({ ...account, accessToken, phoneSignIn: on });
    if (!on && !isNew) return refused('signInRefused');
    settle(on ? 'signInOn' : 'registered'); // a tenant may allow approvals only
    return DONE;
  };

  const answer = async (number: string | null): Promise<PhoneOutcome> => {
    const { request } = state;
    if (state.screen !== 'approve' || !request) return NOT_POSSIBLE;
    return working(async (stillMine) => {
      const answered = await services.answer(request.secret, request.id, number);
      if (!stillMine()) return NOT_POSSIBLE;
      become({ request: null });
      const account = state.accounts.find(({ secret }) => secret === request.secret);
      const turnedOn = answered !== 'refused' && answered.phoneSignIn;
      if (account && turnedOn) replaceAccount({ ...account, phoneSignIn: true });
      const notice = NOTICE_OF_ANSWER[answered === 'refused' ? answered : answered.state];
      settle(notice);
      const asMeant = notice === (number === null ? 'denied' : 'approved');
      return asMeant ? DONE : { ok: false, because: notice };
    });
  };

  const requestsOf = async ({ upn, tenantName, secret }: Account): Promise<readonly NonNullable<State['request']>[]> => {
    const waiting = await services.notifications(secret);
    return waiting.map((notification) => ({ ...notification, upn, tenantName, secret }));
  };

  return {
    snapshot: () => snapshotOf(state),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    openScanner: () => {
      if (state.screen !== 'home' && state.screen !== 'scanner') return NOT_POSSIBLE;
      become({ screen: 'scanner', notice: null, noticeCode: null });
      return DONE;
    },
    scan: async (text) => {
      if (state.screen !== 'scanner') return NOT_POSSIBLE;
      const seen = text === null ? null : readActivationCode(text);
      if (!seen) return refused('noCodeSeen');
      return working(async (stillMine) => {
        const registration = await services.activate(seen.url, seen.code, phoneFacts);
        if (!stillMine()) return NOT_POSSIBLE;
        if (registration === 'refused') return refused('codeRefused');
        replaceAccount(accountOf(registration, null));
        settle('registered');
        return DONE;
      });
    },
    addWorkAccount: () => {
      if (state.screen !== 'home') return NOT_POSSIBLE;
      become({ screen: 'signIn', signIn: { purpose: 'addAccount', upn: null }, notice: null, noticeCode: null });
      return DONE;
    },
    setUpPhoneSignIn: async (upn) => {
      const account = newest(state.accounts, upn);
      if (state.screen !== 'home' || !account || account.phoneSignIn) return NOT_POSSIBLE;
      const { accessToken } = account;
      if (accessToken === null) return askForPass(account.upn);
      return working(async (stillMine) => {
        const on = await turnOnPhoneSignIn(account, accessToken);
        if (!stillMine()) return NOT_POSSIBLE;
        if (!on) return askForPass(account.upn);
        replaceAccount({ ...account, phoneSignIn: true });
        settle('signInOn');
        return DONE;
      });
    },
    signIn: async (form) => {
      const { signIn } = state;
      if (state.screen !== 'signIn' || !signIn) return NOT_POSSIBLE;
      return working(async (stillMine) => {
        const { http, randomBytes } = options;
        const signedIn = await signInOnPhone(
          { http, randomBytes, language: options.language ?? 'en' },
          { ...form, upn: signIn.upn ?? form.upn },
        );
        if (!stillMine()) return NOT_POSSIBLE;
        if (!signedIn.ok) return refused('signInRefused', signedIn.aadsts);
        const known = newest(state.accounts, signIn.upn ?? form.upn);
        if (known) return finishSetUp(known, signedIn.accessToken, stillMine);
        const registration = await services.register(signedIn.accessToken, phoneFacts);
        if (!stillMine()) return NOT_POSSIBLE;
        if (registration === 'refused') return refused('signInRefused');
        return finishSetUp(accountOf(registration, signedIn.accessToken), signedIn.accessToken, stillMine);
      });
    },
    checkNotifications: async () => {
      if (state.screen !== 'home' && state.screen !== 'approve') return NOT_POSSIBLE;
      const { screen, request } = state;
      const mine = life;
      let waiting: readonly NonNullable<State['request']>[];
      try {
        waiting = (await Promise.all(state.accounts.map(requestsOf))).flat();
      } catch (error) {
        if (error instanceof Unreachable) return { ok: false, because: 'unreachable' }; // asked again soon; nothing to show
        throw error;
      }
      if (mine !== life || state.screen !== screen || state.request !== request) return NOT_POSSIBLE;
      const still = waiting.find(({ id }) => id === request?.id);
      const next = still ?? waiting[0];
      if (still) return DONE;
      if (next) become({ screen: 'approve', request: next, notice: null, noticeCode: null });
      else if (request) {
        become({ request: null });
        settle('requestExpired');
      }
      return DONE;
    },
    approve: (number) => answer(number.trim()),
    deny: () => answer(null),
    home: () => {
      if (state.screen !== 'working') become({ screen: 'home', signIn: null, request: null, notice: null, noticeCode: null });
    },
    erase: () => {
      life += 1;
      become(OUT_OF_THE_BOX);
    },
  };
}

const DONE: PhoneOutcome = { ok: true };
const NOT_POSSIBLE: PhoneOutcome = { ok: false, because: 'notPossibleNow' };

const NOTICE_OF_ANSWER: Readonly<Record<AnsweredState | 'refused', PhoneNotice>> = {
  approved: 'approved',
  denied: 'denied',
  wrongNumber: 'numberWrong',
  expired: 'requestExpired',
  pending: 'requestExpired',
  refused: 'requestExpired',
};

function newest(accounts: readonly Account[], upn: string): Account | null {
  return accounts.findLast((account) => account.upn.toLowerCase() === upn.trim().toLowerCase()) ?? null;
}

/** Secrets and tokens stay behind. */
function snapshotOf({ screen, accounts, request, signIn, notice, noticeCode }: State): PhoneSnapshot {
  return {
    screen,
    accounts: accounts.map(({ upn, tenantName, phoneSignIn }) => ({ upn, tenantName, phoneSignIn })),
    request: request && {
      kind: request.kind,
      upn: request.upn,
      tenantName: request.tenantName,
      expiresAtMs: request.expiresAtMs,
    },
    signIn,
    notice,
    noticeCode,
  };
}
