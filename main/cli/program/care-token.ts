// What gives the right to take care of keys: made up for a key host of one's own, asked for where a service holds the keys.
import { randomBytes } from 'node:crypto';
import { SecretCells } from '../../conductor/secret-cells.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Terminal } from '../terminal.ts';
import { tokenQuestion } from '../wording/words.ts';
import { serviceOf } from './open-key-care.ts';

const ownTokenBytes = 32;
/** What a service takes as a token. */
const tokenBytes = { least: 16, most: 128 } as const;

/** Null when a service wants a token and none that could be one was given. The caller wipes it. */
export async function careToken(
  where: Parameters<typeof serviceOf>[0],
  terminal: Pick<Terminal, 'askSecret'>,
  signal: AbortSignal,
): Promise<Secret | null> {
  if (serviceOf(where) === null) return new SecretCells().put(new Uint8Array(randomBytes(ownTokenBytes)));
  const token = await terminal.askSecret(tokenQuestion, signal);
  const length = token?.lend((bytes) => bytes.length) ?? 0;
  if (length >= tokenBytes.least && length <= tokenBytes.most) return token;
  token?.wipe();
  return null;
}
