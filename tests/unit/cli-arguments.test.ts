// What may be typed behind `firstkey keys`, and that nothing that is not understood is ever repeated: it may be a PIN.
import { describe, expect, test } from 'vitest';
import { commandForms } from '../../main/cli/command-forms.ts';
import { parseArguments } from '../../main/cli/parse-arguments.ts';
import { helpText } from '../../main/cli/wording/help.ts';

const planted = '739105';

const run = (line: string) => {
  const parsed = parseArguments(line.split(' '));
  if (parsed.kind !== 'run') throw new Error(`not taken: ${line}`);
  return parsed;
};

describe('a command', () => {
  test.each([
    ['list', { command: 'list' }],
    ['info', { command: 'info' }],
    ['set-pin', { command: 'setPin' }],
    ['change-pin', { command: 'changePin' }],
    ['reset --yes', { command: 'reset' }],
    ['credentials list', { command: 'listCredentials' }],
    ['credentials delete c7Ab', { command: 'deleteCredential', credential: 'c7Ab' }],
    ['fingerprints list', { command: 'listFingerprints' }],
    ['fingerprints add', { command: 'addFingerprint', name: null }],
    ['fingerprints add --name left', { command: 'addFingerprint', name: 'left' }],
    ['fingerprints rename AQ thumb', { command: 'renameFingerprint', fingerprint: 'AQ', name: 'thumb' }],
    ['fingerprints remove AQ', { command: 'removeFingerprint', fingerprint: 'AQ' }],
    ['config min-pin-length 8', { command: 'configure', change: { setting: 'minPinLength', length: 8, forceChange: false } }],
    [
      'config min-pin-length 8 --force-pin-change',
      { command: 'configure', change: { setting: 'minPinLength', length: 8, forceChange: true } },
    ],
    ['config force-pin-change', { command: 'configure', change: { setting: 'forcePinChange' } }],
    ['config always-uv on', { command: 'configure', change: { setting: 'alwaysUv', on: true } }],
    ['config always-uv off', { command: 'configure', change: { setting: 'alwaysUv', on: false } }],
    ['config enterprise-attestation', { command: 'configure', change: { setting: 'enterpriseAttestation' } }],
    ['config long-touch-reset', { command: 'configure', change: { setting: 'longTouchReset' } }],
    ['watch', { command: 'watch' }],
  ])('%s', (line, command) => {
    expect(run(line).command).toEqual(command);
  });

  test('takes the key that is touched, or the one that is named, but not both', () => {
    expect(run('info --touch')).toMatchObject({ options: { touch: true, key: null } });
    expect(run('list --touch --json')).toMatchObject({ options: { touch: true, json: true } });
    expect(parseArguments(['info', '--touch', '--key', '1204'])).toMatchObject({ kind: 'usage' });
  });

  test('takes options anywhere, with a space or an equals sign', () => {
    const options = { json: true, key: '1204', touch: false, yes: true, training: true, trainingKeys: ['modern-a', 'u2f'] };
    expect(run('--json reset --key 1204 --yes --world=training --training-key modern-a --training-key=u2f').options).toEqual(
      options,
    );
    expect(run('list').options).toEqual({ json: false, key: null, touch: false, yes: false, training: false, trainingKeys: [] });
  });
});

describe('what is not understood', () => {
  test.each([
    planted,
    `list ${planted}`,
    `set-pin ${planted}`,
    `set-pin --pin ${planted}`,
    `set-pin --pin=${planted}`,
    `change-pin ${planted} ${planted}`,
    `set-pin -${planted}`,
    `set-pin --${planted}`,
    `config ${planted}`,
    `config min-pin-length ${planted}`,
    `config always-uv ${planted}`,
    `fingerprints ${planted}`,
    `--json list --world=${planted}`,
    `list --key`,
    `list --key=`,
    'list --key --json',
    'list --json=yes',
    'list --',
    'credentials delete',
    'fingerprints rename AQ',
    'config min-pin-length 3',
    'config min-pin-length 64',
    'config min-pin-length 08x',
    'config always-uv maybe',
    'list --yes',
    'list --name left',
    'info --force-pin-change',
    'list --world=field',
    'list --remote-debugging-port=0',
    'list --load-extension=/x',
    'constructor',
    'config constructor',
  ])('%s is refused and not repeated', (line) => {
    const parsed = parseArguments(line.split(' '));
    expect(parsed.kind).toBe('usage');
    expect(JSON.stringify(parsed)).not.toContain(planted);
    expect(JSON.stringify(parsed)).not.toContain('constructor');
  });

  test('says that a PIN is never an argument where somebody tried', () => {
    for (const line of [`set-pin ${planted}`, `set-pin --pin=${planted}`]) {
      expect(parseArguments(line.split(' '))).toMatchObject({ problem: expect.stringContaining('never an argument') as string });
    }
  });

  test('is told as JSON where that was asked for', () => {
    expect(parseArguments(['--json', 'nothing'])).toMatchObject({ kind: 'usage', json: true });
  });
});

describe('the help', () => {
  test.each(commandForms.map(({ path }) => path))('%s has a page of its own', (path) => {
    expect(parseArguments([...path.split(' '), '--help'])).toEqual({ kind: 'help', path });
    expect(helpText(path).startsWith(`firstkey keys ${path}`)).toBe(true);
  });

  test('lists every command where none is named, and those of a group where one is', () => {
    expect(parseArguments([])).toEqual({ kind: 'help', path: '' });
    for (const { path } of commandForms) expect(helpText('')).toContain(`\n  ${path}`);
    expect(helpText('config')).not.toContain('credentials');
    expect(helpText('config')).toContain('long-touch-reset');
  });

  test('names every exit code', () => {
    for (const code of ['0 done', '1 refused', '2 wrong usage', '3 no key', '130 interrupted']) {
      expect(helpText('list')).toContain(code);
    }
  });
});
