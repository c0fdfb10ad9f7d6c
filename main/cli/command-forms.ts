// The commands as they are typed and as the help shows them, in one table: what is not in it is not understood.
import type { KeySettingChange } from '../ports/key-care.ts';
import type { KeysCommand } from './command.ts';

/** A word or a value was typed that no command takes; `problem` never repeats it, because it may be a PIN. */
export interface UsageProblem {
  readonly problem: string;
}

export type FormFlag = '--yes' | '--name' | '--force-pin-change';

export interface CommandForm {
  /** The words behind `keys`. */
  readonly path: string;
  /** Words that follow, as the help names them. */
  readonly takes: readonly string[];
  readonly flags: readonly FormFlag[];
  readonly summary: string;
  readonly more: readonly string[];
  make(words: readonly string[], flags: ReadonlyMap<FormFlag, string>): KeysCommand | UsageProblem;
}

const pinAsked = 'The PIN is asked for without being shown. Without a terminal it is the next line of standard input.';
const confirmed = 'Asks for a typed confirmation unless --yes is given.';
const oneWay = `Only a reset of the key takes this back. ${confirmed}`;
/** Code points (CTAP 2.3 §6.11.4, newMinPINLength). */
const pinLengths = { least: 4, most: 63 } as const;

const plain = (command: KeysCommand) => (): KeysCommand => command;
const configure = (change: KeySettingChange): KeysCommand => ({ command: 'configure', change });

export const commandForms: readonly CommandForm[] = [
  {
    path: 'list',
    takes: [],
    flags: [],
    summary: 'every key that is plugged in',
    more: ['Shows the serial number, or a short id made of what a key always tells: --key takes either.'],
    make: plain({ command: 'list' }),
  },
  {
    path: 'info',
    takes: [],
    flags: [],
    summary: 'all that a key tells without a PIN and without a touch',
    more: [],
    make: plain({ command: 'info' }),
  },
  {
    path: 'set-pin',
    takes: [],
    flags: [],
    summary: 'gives a key its first PIN',
    more: ['The new PIN is asked for twice. Without a terminal it is the next line of standard input, once.'],
    make: plain({ command: 'setPin' }),
  },
  {
    path: 'change-pin',
    takes: [],
    flags: [],
    summary: 'changes the PIN of a key',
    more: ['Asks for the present PIN, then twice for the new one. Without a terminal: two lines of standard input.'],
    make: plain({ command: 'changePin' }),
  },
  {
    path: 'reset',
    takes: [],
    flags: ['--yes'],
    summary: 'erases a key: PIN, accounts, fingerprints, settings',
    more: [
      'Says when to pull the key out, plug it in again and touch it. Another key than the one meant is not erased.',
      confirmed,
    ],
    make: plain({ command: 'reset' }),
  },
  {
    path: 'credentials list',
    takes: [],
    flags: [],
    summary: 'the accounts on a key',
    more: [pinAsked],
    make: plain({ command: 'listCredentials' }),
  },
  {
    path: 'credentials delete',
    takes: ['<credential>'],
    flags: ['--yes'],
    summary: 'removes one account from a key',
    more: ['<credential>: its id, or a beginning of it that fits no other.', pinAsked, confirmed],
    make: ([credential = '']) => ({ command: 'deleteCredential', credential }),
  },
  {
    path: 'fingerprints list',
    takes: [],
    flags: [],
    summary: 'the fingerprints on a key',
    more: [pinAsked],
    make: plain({ command: 'listFingerprints' }),
  },
  {
    path: 'fingerprints add',
    takes: [],
    flags: ['--name'],
    summary: 'teaches a key another finger, touch by touch',
    more: ['--name <text>: what the fingerprint is called; a key may keep only the beginning.', pinAsked],
    make: (_words, flags) => ({ command: 'addFingerprint', name: flags.get('--name') ?? null }),
  },
  {
    path: 'fingerprints rename',
    takes: ['<fingerprint>', '<name>'],
    flags: [],
    summary: 'gives a fingerprint another name',
    more: ['<fingerprint>: its id, or a beginning of it that fits no other.', pinAsked],
    make: ([fingerprint = '', name = '']) => ({ command: 'renameFingerprint', fingerprint, name }),
  },
  {
    path: 'fingerprints remove',
    takes: ['<fingerprint>'],
    flags: ['--yes'],
    summary: 'removes one fingerprint from a key',
    more: ['<fingerprint>: its id, or a beginning of it that fits no other.', pinAsked, confirmed],
    make: ([fingerprint = '']) => ({ command: 'removeFingerprint', fingerprint }),
  },
  {
    path: 'config min-pin-length',
    takes: ['<length>'],
    flags: ['--force-pin-change', '--yes'],
    summary: 'lets a key take no PIN shorter than this',
    more: [
      `<length>: ${pinLengths.least} to ${pinLengths.most} characters.`,
      '--force-pin-change: and asks for a new PIN.',
      oneWay,
    ],
    make: ([length = ''], flags) => {
      const count = /^\d{1,2}$/.test(length) ? Number(length) : 0;
      if (count < pinLengths.least || count > pinLengths.most) {
        return { problem: `<length> is a whole number from ${pinLengths.least} to ${pinLengths.most}` };
      }
      return configure({ setting: 'minPinLength', length: count, forceChange: flags.has('--force-pin-change') });
    },
  },
  {
    path: 'config force-pin-change',
    takes: [],
    flags: ['--yes'],
    summary: 'makes a key ask for a new PIN before anything else',
    more: [confirmed],
    make: plain(configure({ setting: 'forcePinChange' })),
  },
  {
    path: 'config always-uv',
    takes: ['on|off'],
    flags: [],
    summary: 'whether a key wants PIN or finger for every use',
    more: [pinAsked],
    make: ([state]) => {
      if (state !== 'on' && state !== 'off') return { problem: 'always-uv is turned on or off' };
      return configure({ setting: 'alwaysUv', on: state === 'on' });
    },
  },
  {
    path: 'config enterprise-attestation',
    takes: [],
    flags: ['--yes'],
    summary: 'lets a key name itself to the sites its maker agreed on',
    more: [oneWay],
    make: plain(configure({ setting: 'enterpriseAttestation' })),
  },
  {
    path: 'config long-touch-reset',
    takes: [],
    flags: ['--yes'],
    summary: 'makes a reset need a long touch',
    more: [oneWay],
    make: plain(configure({ setting: 'longTouchReset' })),
  },
  {
    path: 'watch',
    takes: [],
    flags: [],
    summary: 'tells of keys as they come and go, until Ctrl+C',
    more: ['With --json, one line per event.'],
    make: plain({ command: 'watch' }),
  },
];
