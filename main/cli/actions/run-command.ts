// One command from its first question to its end. What the person broke off is an end like any other.
import { done, type CommandEnd } from '../command-end.ts';
import type { KeysCommand } from '../command.ts';
import { deleteAccount, listAccounts } from './account-actions.ts';
import type { CareContext } from './care-context.ts';
import { chooseKey, inspectAll, nothingRead, type ChosenKey } from './choose-key.ts';
import { configureKey } from './configure-key.ts';
import { addFingerprint, listFingerprints, removeFingerprint, renameFingerprint } from './fingerprint-actions.ts';
import { changePin, setPin } from './pin-actions.ts';
import { resetKey } from './reset-key.ts';
import { watchKeys, type KeyEvent } from './watch-keys.ts';

export async function runCommand(
  command: KeysCommand,
  context: CareContext,
  onEvent: (event: KeyEvent) => void,
): Promise<CommandEnd> {
  try {
    switch (command.command) {
      case 'list':
        return await listKeys(context);
      case 'watch':
        return await watchKeys(context, onEvent);
      default: {
        const key = await chooseKey(context);
        return 'end' in key ? key : await onKey(command, context, key);
      }
    }
  } catch (error) {
    if (context.signal.aborted) return { end: 'interrupted' };
    throw error;
  }
}

async function listKeys(context: CareContext): Promise<CommandEnd> {
  const { plugged, signal, options } = context;
  if (options.key !== null || options.touch) {
    const key = await chooseKey(context);
    return 'end' in key ? key : done({ result: 'keys', keys: [key.inspection], unreadable: [] });
  }
  await plugged.settled(signal);
  const looked = await inspectAll(context, plugged.keys);
  if (looked.keys.length === 0) return nothingRead(looked, plugged.obstacle);
  const keys = looked.keys.map(({ inspection }) => inspection);
  return done({ result: 'keys', keys, unreadable: looked.unreadable });
}

async function onKey(
  command: Exclude<KeysCommand, { command: 'list' | 'watch' }>,
  context: CareContext,
  key: ChosenKey,
): Promise<CommandEnd> {
  switch (command.command) {
    case 'info':
      return done({ result: 'key', key: key.inspection });
    case 'setPin':
      return setPin(context, key);
    case 'changePin':
      return changePin(context, key);
    case 'reset':
      return resetKey(context, key);
    case 'listCredentials':
      return listAccounts(context, key);
    case 'deleteCredential':
      return deleteAccount(context, key, command.credential);
    case 'listFingerprints':
      return listFingerprints(context, key);
    case 'addFingerprint':
      return addFingerprint(context, key, command.name);
    case 'renameFingerprint':
      return renameFingerprint(context, key, command);
    case 'removeFingerprint':
      return removeFingerprint(context, key, command.fingerprint);
    case 'configure':
      return configureKey(context, key, command.change);
    default:
      return command satisfies never;
  }
}
