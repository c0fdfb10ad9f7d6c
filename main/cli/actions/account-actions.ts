import { done, refusal, type CommandEnd } from '../command-end.ts';
import { accountLine } from '../wording/render-text.ts';
import { confirmWords } from '../wording/words.ts';
import { withPin } from './ask-pin.ts';
import { isOffered } from './offered.ts';
import { ceremonyOf, deadlinesMs, type CareContext } from './care-context.ts';
import type { ChosenKey } from './choose-key.ts';
import { confirmation } from './confirm.ts';
import { findEntry } from './find-entry.ts';
import { endOf } from './pin-actions.ts';

export async function listAccounts(context: CareContext, { ref, inspection }: ChosenKey): Promise<CommandEnd> {
  if (!isOffered(inspection, 'accounts')) return { end: 'notOffered', offer: 'accounts' };
  return withPin(context, inspection, async (pin) => {
    const outcome = await context.port.accounts(ref, pin, ceremonyOf(context, deadlinesMs.work));
    return outcome.ok ? done({ result: 'accounts', accounts: outcome.value }) : refusal(outcome.reason);
  });
}

export async function deleteAccount(
  context: CareContext,
  { ref, inspection }: ChosenKey,
  credential: string,
): Promise<CommandEnd> {
  if (!isOffered(inspection, 'accounts')) return { end: 'notOffered', offer: 'accounts' };
  return withPin(context, inspection, async (pin) => {
    const listed = await context.port.accounts(ref, pin, ceremonyOf(context, deadlinesMs.work));
    if (!listed.ok) return refusal(listed.reason);
    const found = findEntry(listed.value.accounts, ({ credentialIdB64u }) => credentialIdB64u, credential);
    if ('end' in found) return found;
    const stopped = await confirmation(context, accountLine(found.entry), confirmWords.delete);
    if (stopped !== null) return stopped;
    const { credentialIdB64u } = found.entry;
    const outcome = await context.port.deleteAccount(ref, credentialIdB64u, pin, ceremonyOf(context, deadlinesMs.work));
    return endOf(outcome, { result: 'accountDeleted' });
  });
}
