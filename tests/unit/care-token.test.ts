// What gives the right to take care of keys, on the page and in the terminal alike: a key host of one's own gets one made up, a
// service's is asked for wherever real keys are with a service.
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { careToken } from '../../main/cli/program/care-token.ts';
import { tokenQuestion } from '../../main/cli/wording/words.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { Secret } from '../../main/ports/secret.ts';

const settings = defaultSettings;
const withService = { ...settings, keyService: '/run/firstkey-keys/keys.sock' };
const signal = new AbortController().signal;

function terminal(answer: string | null) {
  const asked: string[] = [];
  let given: Secret | null = null;
  const askSecret = (question: string) => {
    asked.push(question);
    given = answer === null ? null : new SecretCells().put(new TextEncoder().encode(answer));
    return Promise.resolve(given);
  };
  return { asked, askSecret, given: () => given };
}

const textOf = (secret: Secret | null) => secret?.lend((bytes) => new TextDecoder().decode(bytes));

describe.each(['rehearsal', 'field'] as const)('in %s', (world) => {
  test('a key host of one’s own: nobody is asked, and no two starts have the same', async () => {
    const person = terminal('never asked');
    const tokens = await Promise.all([1, 2].map(() => careToken({ world, settings }, person, signal)));
    const bytes = tokens.map((token) => token?.lend((each) => Buffer.from(each).toString('hex')));
    expect(bytes.map((each) => each?.length)).toEqual([64, 64]);
    expect(new Set(bytes).size).toBe(2);
    expect(person.asked).toEqual([]);
  });

  test('a service: its token is asked for', async () => {
    const person = terminal('a-token-of-the-service');
    const token = await careToken({ world, settings: withService }, person, signal);
    expect(person.asked).toEqual([tokenQuestion]);
    expect(textOf(token)).toBe('a-token-of-the-service');
  });

  test.each(['', 'fifteen bytes..', 'x'.repeat(129)])('a service, and %j: none, and nothing of it stays', async (answer) => {
    const person = terminal(answer);
    expect(await careToken({ world, settings: withService }, person, signal)).toBeNull();
    expect(() => person.given()?.lend((bytes) => bytes.length)).toThrow('wiped');
  });

  test('a service, and no answer: none', async () => {
    expect(await careToken({ world, settings: withService }, terminal(null), signal)).toBeNull();
  });
});

test('in training the service is left alone, whatever the settings say', async () => {
  const person = terminal('never asked');
  expect(await careToken({ world: 'training', settings: withService }, person, signal)).not.toBeNull();
  expect(person.asked).toEqual([]);
});
