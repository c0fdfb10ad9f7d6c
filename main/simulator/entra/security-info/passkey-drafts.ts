// Passkeys on their way in: sent off to the relying party's host, come back with an answer, not named yet. The number of the
// form (`canary`) ties the three together; another person's, or one nobody set out with, is unknown.
import type { User } from '../directory/directory.ts';
import { randomToken } from '../directory/random-text.ts';
import type { TwinCore } from '../twin-core.ts';

/** What the browser brought back, base64url as sent. */
export interface PasskeyAnswer {
  readonly credentialId: string;
  readonly clientDataJson: string;
  readonly attestationObject: string;
}

export interface PasskeyDraft {
  readonly canary: string;
  readonly userId: string;
  readonly startedAtNowMs: number;
  answer: PasskeyAnswer | null;
}

const DRAFT_LIFETIME_MS = 30 * 60_000;

export class PasskeyDrafts {
  readonly #core: TwinCore;
  readonly #drafts = new Map<string, PasskeyDraft>();

  constructor(core: TwinCore) {
    this.#core = core;
  }

  clear(): void {
    this.#drafts.clear();
  }

  begin(user: User): PasskeyDraft {
    const nowMs = this.#core.time.nowMs();
    for (const [canary, draft] of this.#drafts) {
      if (nowMs - draft.startedAtNowMs > DRAFT_LIFETIME_MS) this.#drafts.delete(canary);
    }
    const draft: PasskeyDraft = {
      canary: randomToken(this.#core.randomBytes, 32),
      userId: user.objectId,
      startedAtNowMs: nowMs,
      answer: null,
    };
    this.#drafts.set(draft.canary, draft);
    return draft;
  }

  find(user: User, canary: string | null | undefined): PasskeyDraft | null {
    const draft = this.#drafts.get(canary ?? '');
    return draft?.userId === user.objectId ? draft : null;
  }

  drop(draft: PasskeyDraft): void {
    this.#drafts.delete(draft.canary);
  }
}
