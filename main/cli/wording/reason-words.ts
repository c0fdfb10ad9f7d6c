// What a refusal is called: the very sentences of the screens, in English, because technicians read and quote them.
import type { ReasonCode } from '../../../contract/reason.ts';
import { messages } from '../../../renderer/words/en.po';

export interface ReasonWords {
  /** What is true, for anybody. */
  readonly title: string;
  /** The same for a technician. */
  readonly technician: string;
}

export function reasonWords(code: ReasonCode): ReasonWords {
  return { title: plainSentence(`reason.${code}.title`), technician: plainSentence(`reason.${code}.tech`) };
}

/** The English words under an id that has no places to fill in; a test holds those that are used here to it. */
export function plainSentence(id: string): string {
  const message: unknown = messages[id];
  const parts: readonly unknown[] = Array.isArray(message) ? message : [message];
  if (!parts.every((part) => typeof part === 'string')) throw new Error(`${id} is no plain sentence`);
  return parts.join('');
}
