// One request to My Security Info: who is there, in which language, and whether they may change their methods.
import type { Context } from 'hono';
import { languageOf } from '../pages/language.ts';
import { pageResponse, type Markup } from '../pages/layout.ts';
import { words, type Language, type Words } from '../pages/words.ts';
import { admitToMethods, circumstancesOf } from '../sign-in/access-gate.ts';
import { problemPage } from '../sign-in/problem-page.ts';
import type { TwinCore } from '../twin-core.ts';
import { addPage } from './security-info-pages.ts';
import type { SiteSignIn, Visitor } from './site-sign-in.ts';

export interface Visit {
  readonly context: Context;
  readonly visitor: Visitor;
  readonly text: Words;
  readonly language: Language;
}

export type VisitAct = (visit: Visit) => Response | Promise<Response>;
type Handler = (context: Context) => Response | Promise<Response>;

export class Visits {
  readonly #core: TwinCore;
  readonly #signIn: SiteSignIn;

  constructor(core: TwinCore, signIn: SiteSignIn) {
    this.#core = core;
    this.#signIn = signIn;
  }

  /** Every page: signed in, or sent to sign in and back here. */
  visited(act: VisitAct): Handler {
    return (context) => {
      const language = languageOf(context.req.query('mkt') ?? context.req.header('accept-language') ?? null);
      const visitor = this.#signIn.visitor(context);
      if (visitor) return act({ context, visitor, language, text: words[language] });
      const { pathname, search } = new URL(context.req.url);
      const returnTo = context.req.method === 'GET' ? `${pathname}${search}` : '/security-info';
      return this.#signIn.depart(returnTo, language, null);
    };
  }

  /** Pages that add a method: the sign-in has to be fresh as well. */
  managing(act: VisitAct): Handler {
    return this.visited((visit) => {
      const { user, session } = visit.visitor;
      const may = this.#core.signIns.mayManageMethods(session, this.#core.directory.policy.signIn);
      switch (may) {
        case 'yes':
          return this.#admitted(visit, act);
        case 'stale':
          return this.#signIn.depart('/security-info/add', visit.language, user.upn);
        case 'windowOver':
          return this.page(visit, visit.text.addTitle, addPage(visit.text, [], { text: visit.text.windowOver, aadsts: null }));
        default:
          return may satisfies never;
      }
    });
  }

  /** The policies for registering security information hold for every page that changes something, from wherever it is asked. */
  #admitted(visit: Visit, act: VisitAct): Response | Promise<Response> {
    const { context, language, visitor } = visit;
    const seen = circumstancesOf(this.#core, context.req.raw);
    const admission = admitToMethods(this.#core, visitor.session, visitor.user, seen, 'browser');
    switch (admission.kind) {
      case 'admitted':
        return act(visit);
      case 'anotherWay':
        return this.#signIn.depart('/security-info/add', language, visitor.user.upn);
      case 'refused':
        return problemPage(this.#core, language, admission.problem, null);
      default:
        return admission satisfies never;
    }
  }

  page({ language }: Visit, title: string, body: Markup): Promise<Response> {
    return pageResponse({ language, title, organization: this.#core.tenant.displayName, body, shape: 'sheet' });
  }
}
