// Which deed stands behind what a technician said, and how each is treated.
import type { CareDeed, CareTask } from '../../../contract/care.ts';
import type { KeyAccount } from '../../ports/key-care.ts';
import type { CareContext } from './care-context.ts';
import type { CareEvent } from './care-event.ts';

export const isRead = (deed: CareDeed | null): boolean => deed?.deed === 'readAccounts' || deed?.deed === 'readFingerprints';

/** Whether the task shows a list that comes from the key, and is read again after each change. */
export const readsList = (task: CareTask | null): boolean => task === 'accounts' || task === 'fingerprints';

/** Nothing is lost, or it can be taken back: the page does not ask again. */
export const needsNoWarning = (deed: CareDeed | null): boolean =>
  deed?.deed === 'configure' && deed.change.setting === 'alwaysUv';

/** What a task begins with; settings begin with a list that needs nothing of the key. */
export function firstDeedOf(task: CareTask): CareDeed | null {
  switch (task) {
    case 'setPin':
    case 'changePin':
    case 'erase':
      return { deed: task };
    case 'accounts':
      return { deed: 'readAccounts' };
    case 'fingerprints':
      return { deed: 'readFingerprints' };
    case 'settings':
      return null;
    default:
      return task satisfies never;
  }
}

/** The deed a technician named; null when it is about something that is not in the list. */
export function deedSaid({ accounts, fingerprints }: CareContext, event: CareEvent): CareDeed | null {
  const finger = (id: string) => fingerprints?.find(({ templateIdB64u }) => templateIdB64u === id);
  switch (event.type) {
    case 'account.delete': {
      const account = accounts?.accounts.find(({ credentialIdB64u }) => credentialIdB64u === event.credentialIdB64u);
      return account ? { deed: 'deleteAccount', account: accountFace(account) } : null;
    }
    case 'fingerprint.teach':
      return { deed: 'teach', name: event.name };
    case 'fingerprint.rename': {
      const fingerprint = finger(event.templateIdB64u);
      return fingerprint ? { deed: 'rename', fingerprint, name: event.name } : null;
    }
    case 'fingerprint.remove': {
      const fingerprint = finger(event.templateIdB64u);
      return fingerprint ? { deed: 'removeFingerprint', fingerprint } : null;
    }
    case 'setting.change':
      return { deed: 'configure', change: event.change };
    default:
      return null;
  }
}

function accountFace({ credentialIdB64u, rpId, userName, displayName }: KeyAccount) {
  return { credentialIdB64u, rpId, userName, displayName };
}
