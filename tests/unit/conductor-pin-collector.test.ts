import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PinCollector } from '../../main/conductor/pin-collector.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { SecretTicket } from '../../main/ports/secret.ts';
import type { PinAsk } from '../../main/session/effect.ts';
import type { PinFact } from '../../main/session/event.ts';

function collecting(ask: Partial<PinAsk> = {}, cells = new SecretCells()) {
  const facts: PinFact[] = [];
  const collector = new PinCollector({ ask: 'choose', minLength: 6, maxLength: 63, compare: null, ...ask }, cells, (fact) =>
    facts.push(fact),
  );
  const type = (text: string) => {
    for (const symbol of text) collector.take({ kind: 'symbol', symbol });
  };
  const last = () => facts.at(-1);
  return { collector, cells, facts, type, last, submit: () => collector.take({ kind: 'submit' }) };
}

const textOf = (cells: SecretCells, ticket: SecretTicket) => cells.get(ticket).lend((bytes) => new TextDecoder().decode(bytes));

describe('collecting a PIN', () => {
  test('tells only how many symbols there are and which rules they meet', () => {
    const { type, last } = collecting();
    expect(last()).toEqual({
      type: 'pinFact.edited',
      count: 0,
      rules: [
        { id: 'length', state: 'open' },
        { id: 'notGuessable', state: 'open' },
      ],
      ready: false,
      notice: null,
    });
    type('836194');
    expect(last()).toEqual({
      type: 'pinFact.edited',
      count: 6,
      rules: [
        { id: 'length', state: 'met' },
        { id: 'notGuessable', state: 'met' },
      ],
      ready: true,
      notice: null,
    });
  });

  test('hands over UTF-8 bytes by ticket', () => {
    const { type, submit, last, cells } = collecting();
    type('836194');
    submit();
    const fact = last();
    expect(fact?.type).toBe('pinFact.entered');
    if (fact?.type === 'pinFact.entered') expect(textOf(cells, fact.pin)).toBe('836194');
  });

  test('refuses a PIN that is tried first, and keeps what was typed', () => {
    const { type, submit, last, cells } = collecting();
    type('123456');
    expect(last()).toMatchObject({ ready: false, notice: { code: 'pin.guessable' } });
    submit();
    expect(last()).toMatchObject({ type: 'pinFact.edited', count: 6 });
    expect(cells.count).toBe(0);
  });

  test('says that it is too short only when asked to go on', () => {
    const { type, submit, last } = collecting();
    type('8361');
    expect(last()).toMatchObject({ notice: null });
    submit();
    expect(last()).toMatchObject({ notice: { code: 'pin.tooShort' }, count: 4 });
  });

  test('takes symbols away again', () => {
    const { type, collector, last } = collecting();
    type('836');
    collector.take({ kind: 'delete' });
    expect(last()).toMatchObject({ count: 2 });
  });

  test('keeps a new PIN to symbols every keyboard has', () => {
    const { type, last } = collecting();
    type('83é');
    expect(last()).toMatchObject({ count: 2, notice: { code: 'pin.symbolNotAllowed' } });
  });

  test('takes an existing PIN as it is, in composed form', () => {
    const { collector, submit, last, cells } = collecting({ ask: 'enter', minLength: 4 });
    for (const symbol of ['e\u0301', '€', '😀', 'x']) collector.take({ kind: 'symbol', symbol });
    submit();
    const fact = last();
    if (fact?.type !== 'pinFact.entered') throw new Error('the PIN was not entered');
    expect(textOf(cells, fact.pin)).toBe('é€😀x');
  });

  test('stops at the longest the key takes', () => {
    const { type, last } = collecting({ maxLength: 8 });
    type('836194507');
    expect(last()).toMatchObject({ count: 8, notice: { code: 'pin.tooLong' } });
  });

  test('asks for the same twice', () => {
    const cells = new SecretCells();
    const first = cells.put(new TextEncoder().encode('836194'));
    const again = collecting({ ask: 'again', compare: first.ticket }, cells);
    again.type('836195');
    again.submit();
    expect(again.last()).toEqual({ type: 'pinFact.refused', notice: { code: 'pin.differs' } });
    again.type('836194');
    again.submit();
    expect(again.last()).toMatchObject({ type: 'pinFact.entered' });
  });

  test('refuses the old PIN as the new one', () => {
    const cells = new SecretCells();
    const old = cells.put(new TextEncoder().encode('836194'));
    const { type, submit, last } = collecting({ compare: old.ticket }, cells);
    type('836194');
    submit();
    expect(last()).toEqual({ type: 'pinFact.refused', notice: { code: 'pin.sameAsOld' } });
  });

  test('forgets what was typed when it stops', () => {
    const { type, collector, submit, last } = collecting();
    type('836194');
    collector.stop();
    submit();
    expect(last()).toMatchObject({ count: 0 });
  });
});

describe('a secret cell', () => {
  test('prints as [secret] in every form', () => {
    const secret = new SecretCells().put(new TextEncoder().encode('836194'));
    expect(String(secret)).toBe('[secret]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
    expect(inspect({ secret })).toContain('[secret]');
    expect(inspect(secret, { depth: 9, showHidden: true })).not.toContain('56');
  });

  test('is wiped when no state names it any more', () => {
    const cells = new SecretCells();
    const bytes = new TextEncoder().encode('836194');
    const kept = cells.put(new TextEncoder().encode('507182'));
    const dropped = cells.put(bytes);
    cells.keepOnly([kept.ticket, null]);
    expect([...bytes]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(() => cells.get(dropped.ticket)).toThrow('no secret');
    expect(() => dropped.lend((lent) => lent)).toThrow('wiped');
    expect(textOf(cells, kept.ticket)).toBe('507182');
  });
});
