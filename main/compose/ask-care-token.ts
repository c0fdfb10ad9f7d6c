// The token for the key care page, asked for as `firstkey keys` does: on the terminal the page is started from.
import { careToken } from '../cli/program/care-token.ts';
import { nodeTerminal } from '../cli/terminal/node-terminal.ts';
import { usageWords } from '../cli/wording/words.ts';
import type { World } from '../../contract/snapshot.ts';
import type { Secret } from '../ports/secret.ts';
import type { Settings } from '../ports/settings.ts';

/** The token, or why there is none, for whoever started this. Where no service holds the keys nothing is asked. */
export async function askCareToken(world: World, settings: Settings): Promise<Secret | string> {
  const interrupted = new AbortController();
  const terminal = nodeTerminal({
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt: () => interrupted.abort(),
  });
  try {
    const token = await careToken({ world, settings }, terminal, interrupted.signal);
    return token ?? usageWords('noToken', []);
  } catch (error) {
    if (interrupted.signal.aborted) return usageWords('noToken', []);
    throw error;
  } finally {
    terminal.close();
  }
}
