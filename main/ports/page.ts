// Microsoft's page in the sign-in view: opened per stay in a partition of its own, destroyed with it.
import type { Frame, Language } from '../../contract/intent.ts';
import type { KeyCallFailure } from '../../contract/page-key.ts';
import type { CreationOptions, MadeCredential, SignedIn, SignInRequest } from './key.ts';

export type PageFact =
  /** What the shell verified, never what a page says. `null`: nothing is loaded. */
  | { readonly type: 'page.host'; readonly host: string | null; readonly verified: boolean }
  /** A place on Microsoft's page, told from addresses only. */
  | { readonly type: 'page.place'; readonly place: PagePlace }
  /** The page shows an AADSTS number. */
  | { readonly type: 'page.refusal'; readonly aadsts: number }
  /** The caught answer of the sign-in; holds a code, so it is kept by reference. */
  | { readonly type: 'page.answered'; readonly answer: AnswerTicket }
  /** The page asks for a new credential, after all checks; it waits until it is answered, refused, or gone. */
  | { readonly type: 'page.keyAsked'; readonly ask: KeyAsk; readonly options: CreationOptions }
  /** The page asks for a sign-in with a key that has accounts already, under the same terms. */
  | { readonly type: 'page.signInAsked'; readonly ask: KeyAsk; readonly request: SignInRequest }
  /** Nobody waits for this answer any more. */
  | { readonly type: 'page.keyWithdrawn'; readonly ask: KeyAsk }
  | { readonly type: 'page.blocked'; readonly host: string | null }
  | { readonly type: 'page.failed'; readonly what: 'load' | 'crash' | 'hung' };

/**
 * `choose`: which way to sign in by. `password`: of an account that has one. `elsewhere`: the organization's own sign-in.
 * `moreAsked`: "More information required", before the page lets anybody on. `securityInfo`: the list of ways to sign in;
 * `addingWay`: a page on the way to one more.
 */
export type PagePlace =
  | 'name'
  | 'pass'
  | 'key'
  | 'approve'
  | 'choose'
  | 'password'
  | 'elsewhere'
  | 'stay'
  | 'moreAsked'
  | 'securityInfo'
  | 'addingWay';

/** Names the caught address without revealing the code in it. */
export type AnswerTicket = { readonly answer: number };

/** One request of a page for a key. */
export type KeyAsk = { readonly ask: number };

/** What it is for. */
export type KeyAsked =
  | { readonly for: 'newKey'; readonly options: CreationOptions }
  | { readonly for: 'signIn'; readonly request: SignInRequest };

export interface PagePort {
  /** Facts of the page that is open. The result stops it. */
  watch(listener: (fact: PageFact) => void): () => void;
  /** Loads `url`; the first call of a stay makes the view. `redirectPrefix` names the navigation to catch. */
  open(page: { readonly url: string; readonly redirectPrefix: string | null; readonly language: Language }): Promise<void>;
  /** Where the kiosk page left room, in its own CSS pixels; null hides the view. Clamped below the desk's own bars. */
  place(frame: Frame | null): void;
  /** Types into the focused field as the on-screen keyboard does. `Backspace`, `Enter` and `Tab` are named keys. */
  type(symbol: string): void;
  /** Reads a caught address once. */
  takeAnswer(ticket: AnswerTicket): string | null;
  /** Hands a page the credential it asked for; false when the page is not waiting for it any more. */
  answerKey(ask: KeyAsk, made: MadeCredential): Promise<boolean>;
  /** Hands a page the sign-in it asked for; false as above. */
  answerSignIn(ask: KeyAsk, signedIn: SignedIn): boolean;
  /** Ends a page's request; one that has ended by itself is left alone. */
  refuseKey(ask: KeyAsk, failure: KeyCallFailure): void;
  /** Destroys view and partition and clears what outlives them; resolves with what was still there afterwards. */
  forget(): Promise<readonly string[]>;
}
