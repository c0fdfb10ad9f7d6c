// A person's browser, as far as the twin's pages need one: it keeps cookies, follows redirects, fills in forms and presses
// what can be pressed. It stops where an application would catch the navigation.
import { readForm, readLink } from '../../main/simulator/phone/page-form.ts';
import type { TwinSession } from '../../main/simulator/entra/twin-session.ts';

const CAUGHT = ['https://login.microsoftonline.com/common/oauth2/nativeclient', 'http://localhost'];
const MOST_HOPS = 10;

export class TwinBrowser {
  readonly session: TwinSession;
  readonly #language: string;
  url = '';
  page = '';
  status = 0;
  headers = new Headers();
  /** Everything it was sent to, in order. */
  readonly visited: string[] = [];
  /** Where an application caught it, or null. */
  caught: URL | null = null;

  constructor(session: TwinSession, language: string) {
    this.session = session;
    this.#language = language;
  }

  /** The answer's parameters, from query or fragment. */
  get answer(): URLSearchParams {
    if (!this.caught) throw new Error(`no application was sent an answer; the browser is at ${this.url}`);
    return this.caught.hash ? new URLSearchParams(this.caught.hash.slice(1)) : this.caught.searchParams;
  }

  open(url: string): Promise<void> {
    return this.#load(new Request(url));
  }

  reload(): Promise<void> {
    return this.open(this.url);
  }

  /** Sends the page's form with these fields changed. */
  submit(fields: Record<string, string> = {}): Promise<void> {
    const form = readForm(this.page, this.url);
    if (!form) throw new Error(`no form on ${this.url}`);
    return this.#load(
      new Request(form.action, {
        method: 'POST',
        body: new URLSearchParams([...new Map([...form.fields, ...Object.entries(fields)])]),
      }),
    );
  }

  /** Sends a form as it was on an earlier page. */
  post(action: string, fields: Record<string, string>): Promise<void> {
    return this.#load(new Request(action, { method: 'POST', body: new URLSearchParams(fields) }));
  }

  follow(part: string): Promise<void> {
    const link = readLink(this.page, this.url, part);
    if (link === null) throw new Error(`no link with ${part} on ${this.url}`);
    return this.open(link);
  }

  /** The AADSTS number shown, or null. */
  get aadsts(): number | null {
    const found = /data-aadsts="(\d+)"/.exec(this.page)?.[1];
    return found === undefined ? null : Number(found);
  }

  get heading(): string {
    return /<h1>([^<]*)<\/h1>/.exec(this.page)?.[1] ?? '';
  }

  /** The number to match, or null. */
  get number(): string | null {
    return /class="number"[^>]*><bdi>(\d+)<\/bdi>/.exec(this.page)?.[1] ?? null;
  }

  async #load(first: Request): Promise<void> {
    let request = first;
    this.caught = null;
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      this.visited.push(request.url);
      const headers = new Headers(request.headers);
      headers.set('accept-language', this.#language);
      const response = await this.session.fetch(new Request(request, { headers }));
      const location = response.headers.get('location');
      this.status = response.status;
      this.headers = response.headers;
      if (location === null) {
        this.url = request.url;
        this.page = await response.text();
        return;
      }
      const target = new URL(location, request.url);
      if (CAUGHT.some((prefix) => target.href.startsWith(prefix))) {
        this.caught = target;
        return;
      }
      request = new Request(target);
    }
    throw new Error('too many redirects');
  }
}
