// What the commands say: the screens' own sentences for refusals, nothing that moves a terminal about, and documents that
// can be read back.
import { describe, expect, test } from 'vitest';
import { because, reasonCodes } from '../../contract/reason.ts';
import { exitCodeOf, refusal, type CommandEnd } from '../../main/cli/command-end.ts';
import { isCalled, keyName, shortId } from '../../main/cli/key-name.ts';
import { printable } from '../../main/cli/wording/printable.ts';
import { reasonWords } from '../../main/cli/wording/reason-words.ts';
import { endDocument, eventLine, stepLine } from '../../main/cli/wording/render-json.ts';
import { endText, reasonText, resultText } from '../../main/cli/wording/render-text.ts';
import { messages } from '../../renderer/words/en.po';
import { inspectionSample } from '../support/scripted-care-port.ts';

/** Everything below a space but the line end, DEL, C1, and what turns or splits lines. */
const movesTerminal = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const hostile = 'a\u001b[2J\u001b]0;x\u0007\u009b31m\u202eevil\u2066\ufeff\r\nb\u007f';

describe('a refusal', () => {
  test.each(reasonCodes)('%s is said in the sentences of the screens', (code) => {
    const { title, technician } = reasonWords(code);
    expect(messages[`reason.${code}.title`]).toEqual([title]);
    expect(messages[`reason.${code}.tech`]).toEqual([technician]);
    expect(title.length * technician.length).toBeGreaterThan(0);
    expect(reasonText({ code })).toContain(code);
  });

  test('says how many tries are left, and what the key called it', () => {
    expect(reasonText(because('key.pinWrong', { retriesLeft: 1 }))).toContain('1 try left');
    expect(reasonText(because('key.fidoOff', { statusName: 'fidoOff' }))).toContain('ykman config usb --enable FIDO2');
    expect(reasonText(because('key.pinWrong', { retriesLeft: 7 }))).toContain('7 tries left');
    expect(reasonText(because('key.refused', { statusName: hostile }))).not.toMatch(movesTerminal);
  });
});

describe('a key', () => {
  test('is called by its serial number, or by six digits that stay', () => {
    const plain = inspectionSample({ serial: null });
    expect(keyName(plain)).toMatch(/^[0-9a-f]{6}$/);
    expect(keyName(inspectionSample({ serial: null, accountsLeft: 3, mustChangePin: true }))).toBe(keyName(plain));
    expect(keyName(inspectionSample({ serial: null, productId: 7 }))).not.toBe(keyName(plain));
    const named = inspectionSample({ serial: '1204' });
    expect(keyName(named)).toBe('1204');
    expect([isCalled(named, '1204'), isCalled(named, shortId(named).toUpperCase()), isCalled(named, '120')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('can not move the terminal with what it calls itself and its accounts', () => {
    const { description } = inspectionSample({});
    const key = inspectionSample({
      serial: hostile,
      versions: [hostile],
      options: { [hostile]: true },
      description: { ...description, model: hostile, firmware: hostile },
    });
    const account = { credentialIdB64u: 'AAAA', rpId: hostile, userIdB64u: 'AQ', userName: hostile, displayName: hostile };
    const texts = [
      resultText({ result: 'key', key }),
      resultText({ result: 'keys', keys: [key], unreadable: [] }),
      resultText({ result: 'accounts', accounts: { accounts: [account], left: 3 } }),
      resultText({ result: 'fingerprints', fingerprints: [{ templateIdB64u: 'AQ', name: hostile }] }),
      endText({ end: 'usage', trouble: 'severalKeys', choices: [hostile] }),
      endDocument({ end: 'done', result: { result: 'accounts', accounts: { accounts: [account], left: 3 } } }),
      eventLine({ event: 'inserted', key }),
      stepLine({ step: 'remove', model: hostile }),
    ];
    for (const text of texts) expect(text).not.toMatch(movesTerminal);
    expect(texts.join('')).not.toContain('\u001b');
  });
});

test('printable text stays what it is', () => {
  expect(printable('Ada Lovelace <ada@contoso.com> é 名前 مفتاح')).toBe('Ada Lovelace <ada@contoso.com> é 名前 مفتاح');
});

describe('a document', () => {
  test('holds names as they are on the key', () => {
    const account = { credentialIdB64u: 'AAAA', rpId: 'a.example', userIdB64u: 'AQ', userName: hostile, displayName: null };
    const end: CommandEnd = { end: 'done', result: { result: 'accounts', accounts: { accounts: [account], left: null } } };
    expect(JSON.parse(endDocument(end))).toEqual({ ok: true, accounts: [account], left: null });
  });

  test('of a refusal has the code, its words and the exit code', () => {
    const end = refusal(because('key.pinWrong', { retriesLeft: 7 }));
    expect(JSON.parse(endDocument(end))).toMatchObject({
      ok: false,
      exitCode: 1,
      reason: { code: 'key.pinWrong', title: 'That isn’t this key’s PIN', detail: { retriesLeft: 7 } },
    });
  });

  test('is one line', () => {
    const key = inspectionSample({ serial: 'a\nb' });
    expect(endDocument({ end: 'done', result: { result: 'key', key } })).not.toContain('\n');
  });
});

test.each([
  ['key.noAccess', 3],
  ['key.notElevated', 3],
  ['key.heldElsewhere', 3],
  ['key.hostDown', 3],
  ['key.pinLocked', 1],
  ['key.busy', 1],
] as const)('%s ends with %i', (code, exitCode) => {
  expect(exitCodeOf(refusal(because(code)))).toBe(exitCode);
});

test('a token that is not the service’s ends with 3', () => {
  expect(exitCodeOf(refusal(because('key.refused', { statusName: 'careNotGranted' })))).toBe(3);
});
