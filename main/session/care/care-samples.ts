// Sayable examples of every intent, to ask the machine what it would listen to now.
import type { CareIntent, CareIntentType } from '../../../contract/care.ts';
import { careTasks } from '../../../contract/care.ts';
import type { CareContext } from './care-context.ts';

type Samples = { readonly [Type in CareIntentType]: readonly Extract<CareIntent, { type: Type }>[] };

/** What names a key, an account or a finger names one that is there. */
export function careSamples({ plugged, accounts, fingerprints }: CareContext): readonly CareIntent[] {
  const [account] = accounts?.accounts ?? [];
  const [finger] = fingerprints ?? [];
  const name = 'Left thumb';
  const samples: Samples = {
    back: [{ type: 'back' }],
    tryAgain: [{ type: 'tryAgain' }],
    confirm: [{ type: 'confirm' }],
    'help.open': [{ type: 'help.open' }],
    'language.open': [{ type: 'language.open' }],
    'display.open': [{ type: 'display.open' }],
    'panel.close': [{ type: 'panel.close' }],
    'look.language': [{ type: 'look.language', language: 'en' }],
    'look.textSize': [{ type: 'look.textSize', textSize: 1 }],
    'look.contrast': [{ type: 'look.contrast', contrast: 'normal' }],
    'look.motion': [{ type: 'look.motion', motion: 'full' }],
    'look.controlsLower': [{ type: 'look.controlsLower', controlsLower: false }],
    'pin.press': [{ type: 'pin.press', symbol: '0' }],
    'pin.delete': [{ type: 'pin.delete' }],
    'pin.submit': [{ type: 'pin.submit' }],
    'pin.lastTry': [{ type: 'pin.lastTry' }],
    'key.choose': plugged.map(({ insertion }) => ({ type: 'key.choose', insertion })),
    'care.begin': careTasks.map((task) => ({ type: 'care.begin', task })),
    'account.delete': account ? [{ type: 'account.delete', credentialIdB64u: account.credentialIdB64u }] : [],
    'fingerprint.teach': [{ type: 'fingerprint.teach', name }],
    'fingerprint.rename': finger ? [{ type: 'fingerprint.rename', templateIdB64u: finger.templateIdB64u, name }] : [],
    'fingerprint.remove': finger ? [{ type: 'fingerprint.remove', templateIdB64u: finger.templateIdB64u }] : [],
    'setting.change': [
      { type: 'setting.change', change: { setting: 'forcePinChange' } },
      { type: 'setting.change', change: { setting: 'alwaysUv', on: true } },
    ],
  };
  return Object.values(samples).flat();
}
