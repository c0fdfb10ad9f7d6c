// Microsoft's page without a window: the same facts the shell would tell, from a browser that fills in forms as a person does.
import type { KeyCallFailure } from '../../contract/page-key.ts';
import type { MadeCredential, SignedIn } from '../../main/ports/key.ts';
import type { AnswerTicket, KeyAsk, PageFact, PagePlace, PagePort } from '../../main/ports/page.ts';
import { placeOfDocument } from '../../main/shell/sign-in/page-places.ts';
import { publicCloudHosts } from '../../main/shell/sign-in-site.ts';
import { decodeQr } from '../../main/simulator/phone/decode-qr.ts';
import type { Phone } from '../../main/simulator/phone/phone.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { createTwinSession } from '../../main/simulator/entra/twin-session.ts';
import { keyOptions } from './key-page.ts';
import { pictureOfQr } from './qr-on-page.ts';
import { TwinBrowser } from './twin-browser.ts';

/** Where a walk through the page ended. */
export type PageEnd =
  | { readonly ended: 'answered' }
  | { readonly ended: 'refused'; readonly aadsts: number; readonly heading: string }
  /** Microsoft asks for something before it goes on. */
  | { readonly ended: 'interrupted'; readonly heading: string };

/** What a page's request for a key came to. */
export type PageKeyAnswer = { readonly made: MadeCredential } | { readonly failure: KeyCallFailure };

/** What a sign-in page's request came to. */
export type PageSignIn = { readonly signedIn: SignedIn } | { readonly failure: KeyCallFailure };

export class FormPage implements PagePort {
  readonly #twin: Twin;
  readonly #listeners = new Set<(fact: PageFact) => void>();
  readonly #answers = new Map<number, string>();
  readonly #asks = new Map<number, (answer: PageKeyAnswer) => void>();
  readonly #signIns = new Map<number, (answer: PageSignIn) => void>();
  #browser: TwinBrowser | null = null;
  #url = '';
  #last = 0;

  constructor(twin: Twin) {
    this.#twin = twin;
  }

  /** What the person looks at. */
  get browser(): TwinBrowser {
    if (!this.#browser) throw new Error('no page is open');
    return this.#browser;
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
    return settle(this.#asks, ask, { made });
  }

  answerSignIn({ ask }: KeyAsk, signedIn: SignedIn): boolean {
    return settle(this.#signIns, ask, { signedIn });
  }

  refuseKey({ ask }: KeyAsk, failure: KeyCallFailure): void {
    settle(this.#asks, ask, { failure });
    settle(this.#signIns, ask, { failure });
  }

  async forget(): Promise<readonly string[]> {
    this.#browser = null;
    this.#answers.clear();
    return [];
  }

  /** Name and pass, wherever the page can be asked for them. */
  async signIn(upn: string, pass: string): Promise<PageEnd> {
    const { browser } = this;
    await browser.open(this.#url);
    await browser.submit({ loginfmt: upn });
    if (browser.aadsts !== null) return this.ended();
    await this.#choose('accessPass');
    this.#at('pass');
    await browser.submit({ accesspass: pass });
    return this.ended();
  }

  /** Name, and then the number typed on the phone. */
  async signInByPhone(upn: string, phone: Phone): Promise<PageEnd> {
    const { browser } = this;
    await browser.open(this.#url);
    await browser.submit({ loginfmt: upn });
    if (browser.number === null) await this.#choose('phoneSignIn');
    if (browser.number === null) return this.ended();
    this.#at('approve');
    await phone.checkNotifications();
    await phone.approve(browser.number);
    await browser.submit();
    return this.ended();
  }

  /** From My Security Info to a scanned code and an approved test. */
  async addAuthenticator(phone: Phone): Promise<PageEnd> {
    const { browser } = this;
    await browser.open(this.#url);
    this.#at('securityInfo');
    if (browser.aadsts !== null) return this.ended();
    await browser.follow('/security-info/add');
    if (browser.aadsts !== null) return this.ended();
    await browser.submit({ method: 'authenticator' });
    return this.scanCode(phone);
  }

  /** From the page that says to get the app, as the one above. */
  async scanCode(phone: Phone): Promise<PageEnd> {
    const { browser } = this;
    await browser.submit();
    const picture = pictureOfQr(browser.page);
    phone.openScanner();
    await phone.scan(picture && decodeQr(picture.rgba, picture.width, picture.height));
    await browser.submit();
    await phone.checkNotifications();
    await phone.approve(browser.number ?? '');
    await browser.submit();
    return { ended: 'answered' };
  }

  /** Goes on from the page that stands now, as far as it goes by itself. */
  async ended(): Promise<PageEnd> {
    const { browser } = this;
    if (browser.aadsts !== null) {
      this.tell({ type: 'page.refusal', aadsts: browser.aadsts });
      return { ended: 'refused', aadsts: browser.aadsts, heading: browser.heading };
    }
    if (browser.url.includes('/kmsi')) {
      this.#at('stay');
      await browser.submit({ LoginOptions: '3' });
    }
    if (!browser.caught) {
      const { interruptPages } = publicCloudHosts;
      const place = placeOfDocument({ method: 'GET', url: browser.url }, { refused: false, interruptPages });
      if (place !== null) this.#at(place);
      return { ended: 'interrupted', heading: browser.heading };
    }
    this.#last += 1;
    this.#answers.set(this.#last, browser.caught.href);
    this.tell({ type: 'page.answered', answer: { answer: this.#last } });
    return { ended: 'answered' };
  }

  #at(place: PagePlace): void {
    this.tell({ type: 'page.place', place });
  }

  /** My Security Info, as far as the relying party's page: the answer to its call is awaited. */
  async askForKey(): Promise<PageKeyAnswer> {
    const { browser } = this;
    await browser.open(this.#url);
    this.#at('securityInfo');
    await browser.follow('/security-info/add');
    await browser.submit({ method: 'passkey' });
    await browser.submit();
    await browser.submit();
    const { rp, user, challenge, excludeCredentials } = keyOptions(browser, 'create');
    this.#last += 1;
    const ask = this.#last;
    const answered = new Promise<PageKeyAnswer>((resolve) => this.#asks.set(ask, resolve));
    this.tell({
      type: 'page.keyAsked',
      ask: { ask },
      options: {
        rp: { id: rp.id, name: 'Microsoft' },
        user: { idB64u: user.id, name: user.name, displayName: user.name },
        challengeB64u: challenge,
        algorithms: [-7, -257],
        excludeCredentialIdsB64u: excludeCredentials.map(({ id }) => id),
        hmacCreateSecret: true,
        credentialProtection: null,
        expiresAtMs: Number.MAX_SAFE_INTEGER,
      },
    });
    return answered;
  }

  /** The page with what it was answered, up to its list. */
  async finishKey(answer: PageKeyAnswer, name: string): Promise<void> {
    const { browser } = this;
    if ('failure' in answer) return browser.submit({ error_code: answer.failure });
    await browser.submit({
      credentialId: answer.made.credentialIdB64u,
      clientDataJson: answer.made.clientDataJsonB64u,
      attestationObject: answer.made.attestationObjectB64u,
      clientExtensionResults: 'e30',
      authenticator: 'cross-platform',
      transports: 'usb',
    });
    await browser.submit({ name });
    await browser.open(this.#url);
    this.#at('securityInfo');
  }

  /** The name, or none, and on to the relying party's page: the answer to its call is awaited. */
  async askForSignIn(upn: string | null): Promise<PageSignIn> {
    const { browser } = this;
    await browser.open(this.#url);
    if (upn === null) await browser.follow('/login/key');
    else {
      await browser.submit({ loginfmt: upn });
      if (!browser.url.includes('/login/key')) await this.#choose('securityKey');
    }
    return this.askAgainForSignIn();
  }

  /** From the page that leads to the key's. */
  async askAgainForSignIn(): Promise<PageSignIn> {
    const { browser } = this;
    await browser.submit();
    this.#at('key');
    const { challenge, allowCredentials } = keyOptions(browser, 'get');
    this.#last += 1;
    const ask = this.#last;
    const answered = new Promise<PageSignIn>((resolve) => this.#signIns.set(ask, resolve));
    this.tell({
      type: 'page.signInAsked',
      ask: { ask },
      request: { challengeB64u: challenge, allowCredentialIdsB64u: allowCredentials.map(({ id }) => id) },
    });
    return answered;
  }

  /** The page with the key's answer, as far as it goes by itself. */
  async finishSignIn(answer: PageSignIn): Promise<PageEnd> {
    const { browser } = this;
    if ('failure' in answer) throw new Error(`the page was refused: ${answer.failure}`);
    const { credentialIdB64u: id, clientDataJsonB64u, authenticatorDataB64u, signatureB64u, userHandleB64u } = answer.signedIn;
    const assertion = {
      id,
      clientDataJSON: clientDataJsonB64u,
      authenticatorData: authenticatorDataB64u,
      signature: signatureB64u,
      userHandle: userHandleB64u,
    };
    await browser.submit({ assertion: JSON.stringify(assertion) });
    return this.ended();
  }

  async #choose(way: 'accessPass' | 'phoneSignIn' | 'securityKey'): Promise<void> {
    const { browser } = this;
    const isThere = way === 'accessPass' ? browser.page.includes('accesspass') : way === 'phoneSignIn' && browser.number !== null;
    if (isThere) return;
    if (!browser.page.includes(`value="${way}"`)) await browser.follow('/login/choose');
    await browser.submit({ way });
  }
}

function settle<T>(waiting: Map<number, (answer: T) => void>, ask: number, answer: T): boolean {
  const heard = waiting.get(ask);
  waiting.delete(ask);
  heard?.(answer);
  return heard !== undefined;
}
