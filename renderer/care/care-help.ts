// What the help panel says on each screen of key care.
import type { CareScreenKind } from '../../contract/care.ts';
import type { PlainMessageId } from '../words/words.ts';

export function helpOf(kind: CareScreenKind): PlainMessageId {
  switch (kind) {
    case 'insert':
    case 'several':
    case 'reading':
    case 'unreadable':
      return 'care.help.key';
    case 'pin':
    case 'lastTry':
      return 'care.help.pin';
    case 'hand':
    case 'erasing':
      return 'care.help.erase';
    case 'touch':
    case 'teach':
      return 'care.help.touch';
    case 'key':
    case 'accounts':
    case 'fingerprints':
    case 'settings':
    case 'confirm':
    case 'working':
    case 'trouble':
      return 'care.help.tasks';
    default:
      return kind satisfies never;
  }
}
