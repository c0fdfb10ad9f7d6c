// The two vocabularies a machine hears: intents from people, facts from ports. A page can't forge a fact.
import type { Intent } from '../../contract/intent.ts';
import type { Reason } from '../../contract/reason.ts';
import type { PinNotice, PinRule } from '../../contract/snapshot.ts';
import type { KeyFact, KeyProgress, KeyRef, MadeCredential } from '../ports/key.ts';
import type { PageFact } from '../ports/page.ts';
import type { SecretTicket } from '../ports/secret.ts';

export type PinFact =
  /** The page may know this much: how many symbols, and which rules they meet. */
  | {
      readonly type: 'pinFact.edited';
      readonly count: number;
      readonly rules: readonly PinRule[];
      readonly ready: boolean;
      readonly notice: PinNotice | null;
    }
  | { readonly type: 'pinFact.entered'; readonly pin: SecretTicket }
  | { readonly type: 'pinFact.refused'; readonly notice: PinNotice };

export type PhoneFact =
  | { readonly type: 'phoneFact.registered'; readonly name: string | null; readonly atMs: number }
  | { readonly type: 'phoneFact.signInOn'; readonly name: string | null; readonly atMs: number }
  /** The directory tells nothing any more, for as long as this sign-in lasts. */
  | { readonly type: 'phoneFact.unseen'; readonly reason: Reason };

export type DeskFact = { readonly type: 'desk.activity' } | { readonly type: 'desk.rendererGone' };

/** A credential that was made although the person had gone on. */
export type LateKeyFact = { readonly type: 'key.madeLate'; readonly key: KeyRef; readonly made: MadeCredential };

export type ProgressFact = { readonly type: 'key.progress'; readonly progress: KeyProgress };

export type Fact = KeyFact | PageFact | PinFact | PhoneFact | DeskFact | ProgressFact | LateKeyFact;
export type SessionEvent = Intent | Fact;
