// The commands against a scripted key care port: which key they mean, what they ask of a person, what they never do without
// being told twice, and that no PIN outlives its command.
import { describe, expect, test } from 'vitest';
import { stepLine } from '../../main/cli/wording/render-json.ts';
import { endText } from '../../main/cli/wording/render-text.ts';
import { stepWords } from '../../main/cli/wording/words.ts';
import { because } from '../../contract/reason.ts';
import type { CareContext } from '../../main/cli/actions/care-context.ts';
import { PluggedKeys } from '../../main/cli/actions/plugged-keys.ts';
import { runCommand } from '../../main/cli/actions/run-command.ts';
import type { KeyEvent } from '../../main/cli/actions/watch-keys.ts';
import type { CommandEnd } from '../../main/cli/command-end.ts';
import type { KeysCommand, KeysOptions } from '../../main/cli/command.ts';
import type { KeyStep } from '../../main/cli/key-step.ts';
import type { Terminal } from '../../main/cli/terminal.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { clockPortOf } from '../support/manual-clock-port.ts';
import { inspectionSample, ScriptedCarePort } from '../support/scripted-care-port.ts';

interface Stand {
  readonly port: ScriptedCarePort;
  readonly steps: KeyStep[];
  /** Do what a step asks for, a moment later. */
  readonly hands: ((step: KeyStep) => void)[];
  readonly events: KeyEvent[];
  /** What was said and asked, in order. */
  readonly said: string[];
  readonly control: AbortController;
  /** Runs one command; `typed` answers its questions in order. */
  run(command: KeysCommand, options?: Partial<KeysOptions>): Promise<CommandEnd>;
}

function open({ typed = [], isInteractive = true }: { typed?: readonly string[]; isInteractive?: boolean } = {}): Stand {
  const clock = new ManualClock();
  const port = new ScriptedCarePort();
  const cells = new SecretCells();
  const [steps, events, said]: [KeyStep[], KeyEvent[], string[]] = [[], [], []];
  const hands: Stand['hands'] = [];
  const answers = [...typed];
  const control = new AbortController();
  const terminal: Terminal = {
    isInteractive,
    print: (text) => void said.push(text),
    tell: (text) => void said.push(text),
    askSecret: (question) => {
      said.push(question);
      const answer = answers.shift();
      return Promise.resolve(answer === undefined ? null : cells.put(new TextEncoder().encode(answer)));
    },
    askLine: (question) => {
      said.push(question);
      return Promise.resolve(answers.shift() ?? null);
    },
  };
  return {
    port,
    steps,
    hands,
    events,
    said,
    control,
    run(command, options = {}) {
      const clockPort = clockPortOf(clock);
      const context: CareContext = {
        port,
        plugged: new PluggedKeys(port, clockPort),
        clock: clockPort,
        terminal,
        options: { json: false, key: null, touch: false, yes: false, training: false, trainingKeys: [], ...options },
        minPinLength: 6,
        onStep: (step) => {
          steps.push(step);
          queueMicrotask(() => hands.forEach((hand) => hand(step)));
        },
        signal: control.signal,
      };
      return clock.runUntil(runCommand(command, context, (event) => void events.push(event)));
    },
  };
}

const one = inspectionSample({ serial: '1204' });
const two = inspectionSample({ serial: '77', productId: 2 });
const withoutPin = inspectionSample({
  description: { ...one.description, pin: 'none', tries: null },
  offers: ['setPin', 'accounts', 'fingerprints', 'minPinLength', 'reset'],
});
const isWiped = (stand: Stand) =>
  stand.port.lent.map((pin) => {
    try {
      pin.lend((bytes) => bytes);
      return false;
    } catch {
      return true;
    }
  });

describe('the key that is meant', () => {
  test('is the only one', async () => {
    const stand = open();
    stand.port.plug('a', one);
    expect(await stand.run({ command: 'info' })).toEqual({ end: 'done', result: { result: 'key', key: one } });
  });

  test('is never guessed among several', async () => {
    const stand = open({ isInteractive: false });
    stand.port.plug('a', one);
    stand.port.plug('b', two);
    expect(await stand.run({ command: 'reset' }, { yes: true })).toMatchObject({
      end: 'usage',
      trouble: 'severalKeys',
      choices: ['1204 Sample Key', '77 Sample Key'],
    });
    expect(stand.steps).toEqual([]);
  });

  test('is not the only readable one beside one that can not be read', async () => {
    const stand = open({ isInteractive: false });
    stand.port.plug('a', one);
    stand.port.plug('b', because('key.busy'));
    expect(await stand.run({ command: 'info' })).toMatchObject({ end: 'usage', trouble: 'severalKeys' });
    expect(await stand.run({ command: 'info' }, { key: '1204' })).toMatchObject({ end: 'done' });
  });

  test('is the one of several that a person at a terminal touches', async () => {
    const stand = open();
    stand.port.plug('a', one);
    const meant = stand.port.plug('b', two);
    stand.port.answers.select = (plugged) => {
      expect(plugged).toHaveLength(2);
      return { ok: true, value: meant };
    };
    expect(await stand.run({ command: 'info' })).toEqual({ end: 'done', result: { result: 'key', key: two } });
    expect(stand.steps).toEqual([{ step: 'choose' }]);
    expect(stand.port.asked).toEqual(['select', 'inspect b']);
  });

  test.each([{}, { json: true }])('is found by touch for a script that asks for it (%j)', async (options) => {
    const stand = open({ isInteractive: false });
    stand.port.plug('a', one);
    const meant = stand.port.plug('b', one);
    stand.port.answers.select = () => ({ ok: true, value: meant });
    expect(await stand.run({ command: 'info' }, { ...options, touch: true })).toMatchObject({ end: 'done' });
    expect(await stand.run({ command: 'list' }, { ...options, touch: true })).toEqual({
      end: 'done',
      result: { result: 'keys', keys: [one], unreadable: [] },
    });
    expect(stand.steps).toEqual([{ step: 'choose' }, { step: 'choose' }]);
  });

  test('is not asked for by touch with --json, unless that is asked for', async () => {
    const stand = open();
    stand.port.plug('a', one);
    stand.port.plug('b', two);
    expect(await stand.run({ command: 'info' }, { json: true })).toMatchObject({ end: 'usage', trouble: 'severalKeys' });
    expect(stand.port.asked).not.toContain('select');
  });

  test.each(['key.touchTimeout', 'key.removed', 'key.notAnswering'] as const)(
    'is none when the choice ends with %s',
    async (code) => {
      const stand = open();
      stand.port.plug('a', one);
      stand.port.plug('b', two);
      stand.port.answers.select = () => ({ ok: false, reason: because(code) });
      expect(await stand.run({ command: 'reset' }, { yes: true })).toEqual({ end: 'refused', reason: { code } });
      expect(stand.port.asked).toEqual(['select']);
    },
  );

  test('is not waited for when the person has had enough', async () => {
    const stand = open();
    stand.port.plug('a', one);
    stand.port.plug('b', two);
    stand.port.answers.select = (_plugged, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        stand.control.abort(new Error('enough'));
      });
    expect(await stand.run({ command: 'info' })).toEqual({ end: 'interrupted' });
  });

  test('is the one that is named; a name that two have is none', async () => {
    const stand = open();
    stand.port.plug('a', one);
    stand.port.plug('b', two);
    expect(await stand.run({ command: 'info' }, { key: '77' })).toMatchObject({ result: { key: { serial: '77' } } });
    expect(await stand.run({ command: 'info' }, { key: '7' })).toMatchObject({ end: 'usage', trouble: 'noSuchKey' });
    stand.port.plug('c', two);
    expect(await stand.run({ command: 'info' }, { key: '77' })).toMatchObject({ end: 'usage', trouble: 'sameName' });
  });

  test('is waited for where a person can plug it in, and not in a script', async () => {
    const script = open({ isInteractive: false });
    expect(await script.run({ command: 'info' })).toEqual({ end: 'noKey', reason: null });
    expect(script.steps).toEqual([]);
    const person = open();
    const ended = person.run({ command: 'info' });
    expect(await ended).toEqual({ end: 'noKey', reason: null });
    expect(person.steps).toEqual([{ step: 'insert' }]);
  });

  test('may not be opened', async () => {
    const stand = open();
    const reason = because('key.noAccess');
    const ended = stand.run({ command: 'list' });
    await settle();
    stand.port.tell({ type: 'key.unreachable', reason });
    expect(await ended).toEqual({ end: 'noKey', reason });
  });
});

describe('a PIN', () => {
  test('is wiped when the command ends, however it ends', async () => {
    const stand = open({ typed: ['271828', '739105', '739105'] });
    stand.port.plug('a', one);
    stand.port.answers.changePin = () => ({ ok: false, reason: because('key.pinWrong', { retriesLeft: 7 }) });
    expect(await stand.run({ command: 'changePin' })).toEqual({
      end: 'refused',
      reason: because('key.pinWrong', { retriesLeft: 7 }),
    });
    expect(isWiped(stand)).toEqual([true, true]);
    expect(stand.said.join()).not.toMatch(/271828|739105/);
  });

  test('is wiped when the port throws', async () => {
    const stand = open({ typed: ['271828'] });
    stand.port.plug('a', one);
    stand.port.answers.accounts = () => Promise.reject(new Error('a bug'));
    await expect(stand.run({ command: 'listCredentials' })).rejects.toThrow('a bug');
    expect(isWiped(stand)).toEqual([true]);
  });

  test('that no key can have does not cost a try', async () => {
    for (const pin of ['123', 'x'.repeat(64)]) {
      const stand = open({ typed: [pin] });
      stand.port.plug('a', one);
      expect(await stand.run({ command: 'listCredentials' })).toMatchObject({ end: 'usage', trouble: 'notAPin' });
      expect(stand.port.asked).toEqual(['inspect a']);
    }
  });

  test('that is new keeps the desk’s rules, and a person may choose again', async () => {
    const stand = open({ typed: ['12345', '123456', 'pä55w0rd', '739105', '739106', '739105', '739105'] });
    stand.port.plug('a', withoutPin);
    let set = '';
    stand.port.answers.setPin = (pin) => {
      set = pin;
      return { ok: true, value: null };
    };
    expect(await stand.run({ command: 'setPin' })).toMatchObject({ end: 'done' });
    expect(set).toBe('739105');
    expect(stand.said.filter((line) => line.startsWith('The '))).toEqual([
      'The new PIN is too short. It needs at least 6 characters.',
      'The new PIN is easy to guess: no rows, repeats, dates or common words.',
      'The new PIN holds a character that not every keyboard has. Keep to letters, digits and signs of ASCII.',
      'The new PIN again: ',
      'The two were not the same.',
      'The new PIN again: ',
    ]);
  });

  test('from a pipe gets one chance', async () => {
    const stand = open({ typed: ['123456', '739105'], isInteractive: false });
    stand.port.plug('a', withoutPin);
    expect(await stand.run({ command: 'setPin' })).toMatchObject({ end: 'usage', trouble: 'pinGuessable' });
    expect(stand.port.lent).toEqual([]);
  });

  test('is not asked for where the key would not take it', async () => {
    const stand = open({ typed: ['739105'] });
    stand.port.plug('a', withoutPin);
    for (const command of ['listCredentials', 'listFingerprints', 'changePin'] as const) {
      expect(await stand.run({ command })).toMatchObject({ end: 'notOffered' });
    }
    expect(stand.said).toEqual([]);
  });
});

describe('what can not be taken back', () => {
  const account = { credentialIdB64u: 'c7Abxx', rpId: 'a.example', userIdB64u: 'AQ', userName: 'ada', displayName: null };
  const other = { ...account, credentialIdB64u: 'c7Zz', userName: 'grace' };
  const finger = { templateIdB64u: 'AQ', name: 'thumb' };

  const openFull = (typed: readonly string[], isInteractive = true) => {
    const stand = open({ typed, isInteractive });
    stand.port.plug('a', one);
    stand.port.answers.accounts = () => ({ ok: true, value: { accounts: [account, other], left: 98 } });
    stand.port.answers.fingerprints = () => ({ ok: true, value: [finger] });
    return stand;
  };
  const irreversible: readonly (readonly [KeysCommand, readonly string[], string, string])[] = [
    [{ command: 'deleteCredential', credential: 'c7A' }, ['271828'], 'delete', 'deleteAccount c7Abxx'],
    [{ command: 'removeFingerprint', fingerprint: 'AQ' }, ['271828'], 'remove', 'remove AQ'],
    [{ command: 'configure', change: { setting: 'longTouchReset' } }, [], 'set', 'configure longTouchReset'],
    [{ command: 'configure', change: { setting: 'enterpriseAttestation' } }, [], 'set', 'configure enterpriseAttestation'],
    [
      { command: 'configure', change: { setting: 'minPinLength', length: 8, forceChange: false } },
      [],
      'set',
      'configure minPinLength',
    ],
    [{ command: 'configure', change: { setting: 'forcePinChange' } }, [], 'set', 'configure forcePinChange'],
  ];

  test.each(irreversible)('%o waits for its word', async (command, before, word, asked) => {
    const after = before.length === 0 ? ['271828'] : [];
    const refused = openFull([...before, 'yes', ...after]);
    expect(await refused.run(command)).toEqual({ end: 'notConfirmed' });
    expect(refused.port.asked).not.toContain(asked);
    const confirmed = openFull([...before, word, ...after]);
    expect(await confirmed.run(command)).toMatchObject({ end: 'done' });
    expect(confirmed.port.asked).toContain(asked);
    const script = openFull(['271828', word], false);
    expect(await script.run(command)).toMatchObject({ end: 'usage', trouble: 'needsYes' });
    expect(script.port.asked).not.toContain(asked);
    const told = openFull(['271828'], false);
    expect(await told.run(command, { yes: true })).toMatchObject({ end: 'done' });
    expect(told.port.asked).toContain(asked);
  });

  test('is done to what is meant and nothing else', async () => {
    const stand = openFull(['271828', '271828']);
    expect(await stand.run({ command: 'deleteCredential', credential: 'c7' }, { yes: true })).toMatchObject({
      trouble: 'severalEntries',
    });
    expect(await stand.run({ command: 'deleteCredential', credential: 'x' }, { yes: true })).toMatchObject({
      trouble: 'noSuchEntry',
    });
    expect(stand.port.asked.filter((asked) => asked.startsWith('delete'))).toEqual([]);
  });

  test('always-UV needs no word: it can be turned off again', async () => {
    const stand = openFull(['271828']);
    expect(await stand.run({ command: 'configure', change: { setting: 'alwaysUv', on: true } })).toMatchObject({ end: 'done' });
  });

  test('a key without a PIN is set without one', async () => {
    const stand = open();
    stand.port.plug('a', withoutPin);
    let hasPin = true;
    stand.port.answers.configure = (_change, given) => {
      hasPin = given;
      return { ok: true, value: null };
    };
    const change = { setting: 'minPinLength', length: 8, forceChange: false } as const;
    expect(await stand.run({ command: 'configure', change }, { yes: true })).toMatchObject({ end: 'done' });
    expect(hasPin).toBe(false);
  });
});

describe('a reset', () => {
  /** Hands that do what the steps say; `back` is what is plugged in again. */
  const giveHands = (stand: Stand, back: () => void) =>
    stand.hands.push(({ step }) => {
      if (step === 'remove') stand.port.unplug('a');
      if (step === 'insertAgain') back();
    });

  test('wants the key’s own name, then leads through pulling out, plugging in and touching', async () => {
    const stand = open({ typed: ['1204'] });
    stand.port.plug('b', inspectionSample({ serial: '77' }));
    stand.port.plug('a', one);
    stand.port.answers.reset = (_key, _meant, { onProgress }) => {
      onProgress?.('touchNeeded');
      onProgress?.('touched');
      return { ok: true, value: { recognisedBy: 'serial', seenFresh: true } };
    };
    giveHands(stand, () => stand.port.plug('a2', one));
    expect(await stand.run({ command: 'reset' }, { key: '1204' })).toMatchObject({ end: 'done', result: { result: 'erased' } });
    expect(stand.steps.map(({ step }) => step)).toEqual(['remove', 'insertAgain', 'touch', 'touched']);
    expect(stand.port.asked.at(-1)).toBe('reset a2, meant a');
  });

  test('is not begun on another word, nor by a script without --yes', async () => {
    const stand = open({ typed: ['erase'] });
    stand.port.plug('a', one);
    expect(await stand.run({ command: 'reset' })).toEqual({ end: 'notConfirmed' });
    const script = open({ isInteractive: false });
    script.port.plug('a', one);
    expect(await script.run({ command: 'reset' })).toMatchObject({ trouble: 'needsYes' });
    expect([...stand.steps, ...script.steps]).toEqual([]);
  });

  test('says how long the key takes it, as its model does', async () => {
    const stand = open();
    const old = inspectionSample({ resetWindowMs: 5_000 });
    stand.port.plug('a', old);
    stand.port.answers.reset = () => ({ ok: false, reason: because('key.resetTooLate', { statusName: 'within5Seconds' }) });
    giveHands(stand, () => stand.port.plug('a2', old));
    const end = await stand.run({ command: 'reset' }, { yes: true });
    expect(end).toMatchObject({ end: 'refused', reason: { code: 'key.resetTooLate' } });
    const again = stand.steps.find(({ step }) => step === 'insertAgain');
    expect(again && stepWords(again)).toContain('within 5 seconds');
  });

  test('of a key that wants a long touch says to press and hold, before it blinks and while it does', async () => {
    const stand = open();
    const long = inspectionSample({ longTouchForReset: true });
    stand.port.plug('a', long);
    stand.port.answers.reset = (_key, _meant, { onProgress }) => {
      onProgress?.('touchNeeded');
      onProgress?.('touched');
      return { ok: true, value: { recognisedBy: 'serial', seenFresh: true } };
    };
    giveHands(stand, () => stand.port.plug('a2', long));
    expect(await stand.run({ command: 'reset' }, { yes: true })).toMatchObject({ end: 'done' });
    expect(stand.steps.slice(1).map(stepWords)).toEqual([
      'Plug the same key in again (Sample Key). When it blinks, press it within 10 seconds and hold it for 10.',
      'Press and hold the key for 10 seconds.',
      'The key felt the touch.',
    ]);
    expect(stand.steps.slice(1, 3).map(stepLine)).toEqual([
      '{"step":"insertAgain","model":"Sample Key","withinSeconds":10,"holdSeconds":10}',
      '{"step":"touch","holdSeconds":10}',
    ]);
  });

  test('of a key that can’t be erased alone is not begun, and the way to do it is named', async () => {
    const stand = open();
    const maker = {
      form: 'bio',
      isFips: false,
      partNumber: null,
      enabledOverUsb: ['fido2', 'piv'],
      resetBlocked: ['piv', 'fido2'],
      refusesEasyPins: null,
    } as const;
    stand.port.plug('a', inspectionSample({ maker, offers: ['changePin'] }));
    const end = await stand.run({ command: 'reset' }, { yes: true });
    expect(end).toEqual({ end: 'refused', reason: because('key.resetBlocked') });
    expect(end.end === 'refused' && endText(end)).toContain('ykman config reset');
    expect(stand.steps).toEqual([]);
  });

  test('of another key than the one meant is refused by the host, and told', async () => {
    const stand = open();
    stand.port.plug('a', one);
    stand.port.answers.reset = () => ({ ok: false, reason: because('key.swapped') });
    giveHands(stand, () => stand.port.plug('x', two));
    expect(await stand.run({ command: 'reset' }, { yes: true })).toEqual({ end: 'refused', reason: because('key.swapped') });
  });

  test('that nobody pulls the key out for ends, and nothing was erased', async () => {
    const stand = open();
    stand.port.plug('a', one);
    expect(await stand.run({ command: 'reset' }, { yes: true })).toMatchObject({ end: 'refused' });
    expect(stand.port.asked).toEqual(['inspect a']);
  });
});

describe('a finger', () => {
  test('is taught touch by touch', async () => {
    const stand = open({ typed: ['271828'] });
    stand.port.plug('a', one);
    stand.port.answers.enroll = (name, { onSample, onProgress }) => {
      onProgress?.('touchNeeded');
      onSample?.({ quality: 'good', left: 1 });
      onSample?.({ quality: 'tooFast', left: 1 });
      onSample?.({ quality: 'good', left: 0 });
      return Promise.resolve({ ok: true, value: { templateIdB64u: 'AQ', name } });
    };
    expect(await stand.run({ command: 'addFingerprint', name: 'thumb' })).toMatchObject({
      result: { fingerprint: { name: 'thumb' } },
    });
    expect(stand.steps).toEqual([
      { step: 'touch' },
      { step: 'sample', quality: 'good', left: 1 },
      { step: 'sample', quality: 'tooFast', left: 1 },
      { step: 'sample', quality: 'good', left: 0 },
    ]);
  });

  test('gets another name', async () => {
    const stand = open({ typed: ['271828'] });
    stand.port.plug('a', one);
    stand.port.answers.fingerprints = () => ({ ok: true, value: [{ templateIdB64u: 'AQID', name: null }] });
    expect(await stand.run({ command: 'renameFingerprint', fingerprint: 'AQ', name: 'ring' })).toMatchObject({ end: 'done' });
    expect(stand.port.asked.at(-1)).toBe('rename AQID ring');
  });
});

describe('Ctrl+C', () => {
  test('reaches the key and ends the command', async () => {
    const stand = open({ typed: ['739105', '739105'] });
    stand.port.plug('a', withoutPin);
    stand.port.answers.setPin = (_pin, { signal }) => {
      stand.control.abort(new DOMException('interrupted', 'AbortError'));
      return Promise.reject(signal.aborted ? signal.reason : new Error('was not told'));
    };
    expect(await stand.run({ command: 'setPin' })).toEqual({ end: 'interrupted' });
    expect(isWiped(stand)).toEqual([true]);
  });

  test('ends watching, after every event in order', async () => {
    const stand = open();
    stand.port.plug('a', one);
    const ended = stand.run({ command: 'watch' });
    await settle();
    stand.port.unplug('a');
    stand.port.plug('b', because('key.notAnswering'));
    await settle();
    stand.control.abort(new DOMException('interrupted', 'AbortError'));
    expect(await ended).toEqual({ end: 'interrupted' });
    expect(stand.events).toEqual([
      { event: 'inserted', key: one },
      { event: 'removed', key: one },
      { event: 'unreachable', reason: because('key.notAnswering') },
    ]);
  });
});
