// Microsoft's page on the desk: the page port. A stay has one session and, most of the time, one view in it; after a crash both
// are given up, because neither can be trusted any more.
import type { WebContents } from 'electron';
import type { Frame, Language } from '../../../contract/intent.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { AnswerTicket, KeyAsk, PageFact, PagePort } from '../../ports/page.ts';
import { answersTo, hostOf, isOnHosts } from '../address.ts';
import { tooLate, within } from '../deadline.ts';
import { forgetClipboard, forgetSession } from './forget-session.ts';
import { keyCallDoor } from './key-call-door.ts';
import { listeners } from '../listeners.ts';
import type { NavigationRule, OnBlocked } from '../lock-down.ts';
import type { BlockedAttempt, DoorRefusal } from '../../ports/notice.ts';
import { pageZoom } from './page-zoom.ts';
import { placeOfDocument, placeOfRequest, type PageRequest } from './page-places.ts';
import type { PageWords } from './page-words.ts';
import { takePicture, type ScreenPicture } from './screen-picture.ts';
import { openSignInPage, type SignInPage } from './sign-in-page.ts';
import { openSignInSession, type SignInSession } from './sign-in-session.ts';
import type { PasskeyPages, SignInHosts, SignInSite } from '../sign-in-site.ts';
import type { SignInStage } from './sign-in-stage.ts';

export interface SignInViewOptions {
  readonly clock: ClockPort;
  readonly hosts: SignInHosts;
  readonly openSite: (() => SignInSite) | null;
  readonly stage: SignInStage;
  readonly passkeys: PasskeyPages;
  /** The built preload of the view. */
  readonly preload: string;
  readonly onBlocked: OnBlocked;
  /** A page's request for a key was refused at its door. */
  readonly onKeyRefused: (because: DoorRefusal) => void;
  /** A new view is there; the desk listens to its keys and touches. */
  readonly onContents: (contents: WebContents) => void;
}

export interface SignInView extends PagePort {
  capture(): Promise<ScreenPicture | null>;
}

interface Stay {
  readonly session: SignInSession;
  readonly site: SignInSite | null;
  page: SignInPage | null;
  redirect: string | null;
  /** The sign-in has ended on this page; what becomes of the page is of no interest any more. */
  answered: boolean;
  /** How the document that stands was asked for. */
  lastDocument: PageRequest | null;
  over: boolean;
}

const closeLimitMs = 5_000;

export function signInView(options: SignInViewOptions): SignInView {
  const { clock, hosts, stage, passkeys } = options;
  const facts = listeners<PageFact>();
  const answers = new Map<number, string>();
  let answersTaken = 0;
  let keysAsked = 0;
  const nextAsk = (): KeyAsk => {
    keysAsked += 1;
    return { ask: keysAsked };
  };
  let stay: Stay | null = null;
  let frame: Frame | null = null;
  // One thing after the other: a page that is being made is not forgotten half-made.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const tell = (current: Stay, fact: PageFact) => {
    if (!current.over) facts.tell(fact);
  };

  const blocked = (current: Stay, what: BlockedAttempt, host: string | null) => {
    options.onBlocked(what, host);
    // What a person did in vain is said; what a page tried by itself in passing is only noted.
    if (what === 'navigation' || what === 'window' || what === 'download' || what === 'fileChooser')
      tell(current, { type: 'page.blocked', host });
  };

  const take = (current: Stay, url: string): boolean => {
    if (current.redirect === null || !answersTo(url, current.redirect)) return false;
    // One answer per opened page: the same navigation is seen by more than one guard.
    if (current.answered) return true;
    current.answered = true;
    answersTaken += 1;
    answers.set(answersTaken, url);
    const ticket: AnswerTicket = { answer: answersTaken };
    tell(current, { type: 'page.answered', answer: ticket });
    return true;
  };

  const openStay = (language: Language): Stay => {
    const site = options.openSite?.() ?? null;
    const opened: Stay = {
      site,
      session: openSignInSession({
        hosts,
        site,
        language,
        onBlocked: (what, host) => blocked(opened, what, host),
        onRequest: (request) => heard(opened, request),
        isAnswer: (url) => opened.redirect !== null && answersTo(url, opened.redirect),
      }),
      page: null,
      redirect: null,
      answered: false,
      lastDocument: null,
      over: false,
    };
    return opened;
  };

  const heard = (current: Stay, request: PageRequest & { readonly isDocument: boolean }) => {
    if (request.isDocument) current.lastDocument = request;
    const place = placeOfRequest(request);
    if (place) tell(current, { type: 'page.place', place });
  };

  const rule =
    (current: Stay): NavigationRule =>
    ({ url, isMainFrame }) => {
      if (isMainFrame && take(current, url)) return 'taken';
      if (isOnHosts(url, hosts.documents)) return 'allowed';
      if (isMainFrame) tell(current, { type: 'page.blocked', host: hostOf(url) });
      return 'refused';
    };

  const openPage = async (current: Stay): Promise<SignInPage> => {
    const page = await openSignInPage({
      session: current.session.session,
      clock,
      rule: rule(current),
      onBlocked: (what, host) => blocked(current, what, host),
      preload: options.preload,
      passkeyHosts: [passkeys.rpId, ...passkeys.offeredOn],
      openKeyDoor: (contents) =>
        keyCallDoor({
          contents,
          clock,
          rpId: passkeys.rpId,
          nextAsk,
          onAsked: (ask, asked) =>
            tell(
              current,
              asked.for === 'newKey'
                ? { type: 'page.keyAsked', ask, options: asked.options }
                : { type: 'page.signInAsked', ask, request: asked.request },
            ),
          onWithdrawn: (ask) => tell(current, { type: 'page.keyWithdrawn', ask }),
          onRefused: options.onKeyRefused,
        }),
      onDocument: (url, status) => {
        applyZoom();
        tellHost(current, url);
        // The sign-in service itself is out of order; what it shows instead is no page for a person.
        if (status >= 500) fail(current, 'load');
      },
      onRead: (url, words) => read(current, url, words),
      onFailed: (what) => fail(current, what),
    });
    options.onContents(page.contents);
    return page;
  };

  const tellHost = (current: Stay, url: string) => {
    const host = hostOf(url);
    const verified = host !== null && isOnHosts(url, hosts.documents) && current.session.isVerified(host);
    tell(current, { type: 'page.host', host, verified });
  };

  const read = (current: Stay, url: string, { aadsts, asksForMore }: PageWords) => {
    const method = current.lastDocument?.url === url ? current.lastDocument.method : 'GET';
    const { interruptPages } = hosts;
    const place = asksForMore ? 'moreAsked' : placeOfDocument({ method, url }, { refused: aadsts !== null, interruptPages });
    if (place) tell(current, { type: 'page.place', place });
    if (aadsts !== null) tell(current, { type: 'page.refusal', aadsts });
    applyZoom();
  };

  const fail = (current: Stay, what: 'load' | 'crash' | 'hung') => {
    void dropPage(current);
    tell(current, { type: 'page.host', host: null, verified: false });
    if (!current.answered) tell(current, { type: 'page.failed', what });
  };

  const dropPage = async (current: Stay): Promise<void> => {
    const { page } = current;
    current.page = null;
    if (!page) return;
    stage.remove(page.view);
    await page.close();
  };

  const applyZoom = () => {
    const contents = stay?.page?.contents;
    const bounds = stage.bounds();
    if (!contents || contents.isDestroyed() || !bounds) return;
    contents.setZoomFactor(pageZoom(bounds, contents.getURL()));
  };

  return {
    watch: (listener) => facts.add(listener),

    open: ({ url, redirectPrefix, language }) =>
      inTurn(async () => {
        if (!isOnHosts(url, hosts.documents)) throw new Error('the sign-in view was asked to open an address outside its hosts');
        const current = (stay ??= openStay(language));
        current.session.speak(language);
        current.redirect = redirectPrefix;
        current.answered = false;
        current.page ??= await openPage(current);
        stage.add(current.page.view);
        stage.place(frame);
        applyZoom();
        await current.page.load(url);
      }),

    place(wanted) {
      frame = wanted;
      stage.place(wanted);
      applyZoom();
    },

    type(symbol) {
      void stay?.page?.type(symbol);
    },

    takeAnswer(ticket) {
      const address = answers.get(ticket.answer) ?? null;
      answers.delete(ticket.answer);
      return address;
    },

    async answerKey(ask, made) {
      const credential = await passkeys.credentialFor(made);
      return stay?.page?.keyDoor.answer(ask, { ok: true, credential }) ?? false;
    },

    answerSignIn(ask, signedIn) {
      const assertion = {
        id: signedIn.credentialIdB64u,
        clientDataJSON: signedIn.clientDataJsonB64u,
        authenticatorData: signedIn.authenticatorDataB64u,
        signature: signedIn.signatureB64u,
        userHandle: signedIn.userHandleB64u,
      };
      return stay?.page?.keyDoor.answer(ask, { ok: true, assertion }) ?? false;
    },

    refuseKey(ask, failure) {
      stay?.page?.keyDoor.refuse(ask, failure);
    },

    forget: () =>
      inTurn(async () => {
        answers.clear();
        frame = null;
        stage.place(null);
        forgetClipboard();
        const current = stay;
        stay = null;
        if (!current) return [];
        current.over = true;
        const page = (await within(clock, closeLimitMs, dropPage(current))) === tooLate ? ['page: still open'] : [];
        current.session.close();
        const session = await forgetSession(current.session.session, clock);
        return [...page, ...session, ...((await current.site?.forget()) ?? [])];
      }),

    async capture() {
      const contents = stay?.page?.contents;
      return contents && stage.bounds() ? takePicture(contents, clock) : null;
    },
  };
}
