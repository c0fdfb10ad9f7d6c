// Answers that are not as they should be and still tell what matters: none of it may cost a person a credential, a try, or
// the use of the key.
import { describe, expect, test } from 'vitest';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';
import type { OperationCall } from '../../main/fido/key/operation.ts';
import { CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import {
  CLIENT_PIN,
  GET_ASSERTION,
  GET_NEXT_ASSERTION,
  MAKE_CREDENTIAL,
  SELECTION,
  ScriptedAuthenticator,
  cde,
  okay,
  type Parameters,
} from '../support/fido-scripted-authenticator.ts';
import { pinBytes, refusalOf, valueOf } from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const RETRIES = 1;
const PIN = '246810';
const RP_ID = 'login.microsoft.com';
const hash = new Uint8Array(32).fill(0xcd);
const call = (): OperationCall => ({ signal: new AbortController().signal });
const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  clientDataHash: hash,
  rp: { id: RP_ID, name: 'Microsoft' },
  user: { id: Uint8Array.of(1), name: 'lina.berg@kiosk-demo.example', displayName: 'Lina Berg' },
  algorithms: [-7],
  excludeCredentialIds: [],
  hmacSecret: false,
  credProtect: null,
  ...changes,
});

function keyWith(set: (authenticator: ScriptedAuthenticator) => void = () => undefined, hasPin = true) {
  const authenticator = new ScriptedAuthenticator();
  if (hasPin) authenticator.pin = PIN;
  set(authenticator);
  const surroundings = { clock: new ManualClock(), randomBytes: seededRandomBytes('odd answers') };
  return { authenticator, key: new SecurityKey(authenticator, surroundings) };
}

/** Has every answer to one command changed before it goes out. */
function retold(authenticator: ScriptedAuthenticator, command: number, change: (answer: Map<number, unknown>) => void): void {
  const answer = authenticator.cbor.bind(authenticator);
  authenticator.cbor = async (bytes, hidCall) => {
    const given = await answer(bytes, hidCall);
    if (bytes[0] !== command || given[0] !== 0) return given;
    const map = new Map(authenticator.read(given.subarray(1)) as ReadonlyMap<number, unknown>);
    change(map);
    return okay(map);
  };
}

describe('what is only told', () => {
  test.each<[string, ReadonlyMap<number, unknown>]>([
    [
      'a power-cycle state that is a number',
      new Map<number, unknown>([
        [3, 8],
        [4, 1],
      ]),
    ],
    ['a count that is text', new Map<number, unknown>([[3, 'eight']])],
    ['a count that is a list', new Map<number, unknown>([[3, [8]]])],
  ])('%s does not stop anything', async (_, answer) => {
    const { key, authenticator } = keyWith((odd) => {
      odd.interceptions.push(({ command, parameters }) =>
        command === CLIENT_PIN && parameters.get(2) === RETRIES ? okay(answer) : undefined,
      );
    });
    expect(await key.describe(call())).toMatchObject({ kind: 'ctap2', pin: { kind: 'set', replugNeeded: false } });
    valueOf(await key.makeCredential(request(), pinBytes(PIN), call()));
    expect(authenticator.retries).toBe(8);
  });

  test('a credential is not lost over what is beside the point', async () => {
    const { key, authenticator } = keyWith();
    retold(authenticator, MAKE_CREDENTIAL, (answer) => answer.set(4, 1).set(5, 'blob').set(6, [1]).set(99, 'future'));
    const made = valueOf(await key.makeCredential(request(), pinBytes(PIN), call()));
    expect(made).toMatchObject({
      enterpriseAttestation: undefined,
      largeBlobKey: undefined,
      unsignedExtensionOutputs: undefined,
    });
  });

  test.each<[string, (answer: Map<number, unknown>) => void]>([
    ['no user', (answer) => answer.delete(4)],
    ['a user without an id', (answer) => answer.set(4, new Map([['name', 'lina']]))],
    ['an empty user', (answer) => answer.set(4, new Map())],
    ['a count that is text', (answer) => answer.set(5, 'one')],
    ['a choice that is a number', (answer) => answer.set(6, 1)],
  ])('an assertion with %s', async (_, change) => {
    const { key, authenticator } = keyWith();
    valueOf(await key.makeCredential(request(), pinBytes(PIN), call()));
    retold(authenticator, GET_ASSERTION, change);
    const wish = { rpId: RP_ID, clientDataHash: hash, allowCredentialIds: [] };
    expect(valueOf(await key.getAssertions(wish, pinBytes(PIN), call()))).toHaveLength(1);
  });

  test('names that are no text leave the id standing', async () => {
    const { key, authenticator } = keyWith();
    valueOf(await key.makeCredential(request(), pinBytes(PIN), call()));
    const user = new Map<string, unknown>([
      ['id', Uint8Array.of(1)],
      ['name', 7],
      ['displayName', Uint8Array.of(0xff)],
    ]);
    retold(authenticator, GET_ASSERTION, (answer) => answer.set(4, user));
    const wish = { rpId: RP_ID, clientDataHash: hash, allowCredentialIds: [] };
    const [assertion] = valueOf(await key.getAssertions(wish, pinBytes(PIN), call()));
    expect(assertion?.user).toEqual({ id: Uint8Array.of(1), name: undefined, displayName: undefined });
  });
});

describe('a wrong PIN is told as one', () => {
  test.each([new KeyNotAnswering('silent', 0x10, 3_000), new CtapHidError(0x7f, 0x10)])(
    'even if the key has no more to say: %s',
    async (trouble) => {
      const { key, authenticator } = keyWith();
      let asked = 0;
      authenticator.interceptions.push(({ command, parameters }) => {
        if (command !== CLIENT_PIN || parameters.get(2) !== RETRIES) return undefined;
        asked += 1;
        if (asked % 2 === 0) throw trouble; // the question after the attempt
        return undefined;
      });
      const wrong = { kind: 'pinWrong', retriesLeft: undefined };
      expect(refusalOf(await key.makeCredential(request(), pinBytes('999999'), call()))).toEqual(wrong);
      expect(refusalOf(await key.makeCredential(request(), pinBytes('999999'), call()))).toEqual(wrong);
      const third = refusalOf(await key.makeCredential(request(), pinBytes('999999'), call()));
      expect(third).toEqual({ kind: 'replugNeeded', retriesLeft: undefined });
      expect(authenticator.retries).toBe(5);
    },
  );
});

describe('numbers that can’t be meant', () => {
  test('a PIN of three is never set: no key takes it, and none of ours would send it', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(13, 1), false);
    const refusal = refusalOf(await key.setPin(pinBytes('123'), call()));
    expect(refusal).toEqual({ kind: 'pinRefused', fault: 'tooShort', minPinLength: 4, maxPinLength: 63 });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
    valueOf(await key.setPin(pinBytes('1234'), call()));
  });

  test('a longest PIN of nothing', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(29, 0), false);
    valueOf(await key.setPin(pinBytes('1234'), call()));
    expect(authenticator.pin).toBe('1234');
  });

  test('an empty list of PIN protocols means the first, as no list does', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(6, []), false);
    valueOf(await key.setPin(pinBytes('1234'), call()));
    expect(authenticator.sent(CLIENT_PIN).map(({ parameters }) => parameters.get(1))).toEqual([1, 1]);
  });

  test('a longest id of nothing: the exclude list goes along all the same', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(7, 0).set(8, 0));
    const { id } = await firstCredential(key, authenticator);
    expect(refusalOf(await key.makeCredential(request({ excludeCredentialIds: [id] }), pinBytes(PIN), call()))).toEqual({
      kind: 'alreadyRegistered',
    });
  });

  test('a longest message that no transport carries: a long list is asked in pieces that fit', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(5, 65_535).set(7, 1_000).set(8, 1_000));
    const { id } = await firstCredential(key, authenticator);
    const others = Array.from({ length: 40 }, (_, index) => new Uint8Array(900).fill(index));
    const long = request({ excludeCredentialIds: [...others, id] });
    expect(refusalOf(await key.makeCredential(long, pinBytes(PIN), call()))).toEqual({ kind: 'alreadyRegistered' });
    expect(authenticator.sent(GET_ASSERTION).length).toBeGreaterThan(4);
    for (const { bytes } of authenticator.requests) expect(bytes.length).toBeLessThanOrEqual(7_609);
  });

  test('an id longer than any is never sent', async () => {
    const { key, authenticator } = keyWith((odd) => odd.info.set(5, 65_535).set(7, 8).set(8, 60_000));
    const excludeCredentialIds = [new Uint8Array(9_000).fill(1), new Uint8Array(1_024).fill(2)];
    valueOf(await key.makeCredential(request({ excludeCredentialIds }), pinBytes(PIN), call()));
    expect(authenticator.sent(MAKE_CREDENTIAL).at(-1)?.parameters.has(5)).toBe(false);
  });

  async function firstCredential(key: SecurityKey, authenticator: ScriptedAuthenticator): Promise<{ readonly id: Uint8Array }> {
    valueOf(await key.makeCredential(request(), pinBytes(PIN), call()));
    const [first] = authenticator.credentials;
    if (first === undefined) throw new Error('nothing was made');
    return first;
  }
});

describe('a list of allowed credentials', () => {
  test('any one will do: a key that counts them all and tells only one is enough', async () => {
    const { key, authenticator } = keyWith();
    for (const id of [1, 2]) {
      const user = { id: Uint8Array.of(id), name: 'n', displayName: 'd' };
      valueOf(await key.makeCredential(request({ user }), pinBytes(PIN), call()));
    }
    authenticator.info.set(7, 8).set(8, 64);
    retold(authenticator, GET_ASSERTION, (answer) => answer.set(5, 2));
    const allowCredentialIds = authenticator.credentials.map(({ id }) => id);
    const wish = { rpId: RP_ID, clientDataHash: hash, allowCredentialIds };
    expect(valueOf(await key.getAssertions(wish, pinBytes(PIN), call()))).toHaveLength(1);
    expect(authenticator.sent(GET_NEXT_ASSERTION)).toHaveLength(0);
  });
});

describe('the name of a site', () => {
  test('is cut like a person’s, at a whole character', async () => {
    const { key, authenticator } = keyWith();
    valueOf(await key.makeCredential(request({ rp: { id: RP_ID, name: 'é'.repeat(50) } }), pinBytes(PIN), call()));
    const rp = authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(2) as Parameters;
    expect(rp.get('name')).toBe('é'.repeat(32));
    expect(rp.get('id')).toBe(RP_ID);
  });
});

describe('touching a key that knows no selection', () => {
  test.each([0x01, 0xf1])('although its version says so (%i): asked the old way', async (status) => {
    const { key, authenticator } = keyWith((odd) => odd.once(status, SELECTION));
    authenticator.once(0x31, MAKE_CREDENTIAL);
    expect(await key.select(call())).toEqual({ ok: true, value: null });
    expect(cde(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(8))).toEqual(Uint8Array.of(0x40));
  });

  test('a refusal it means is not asked around', async () => {
    const { key, authenticator } = keyWith((odd) => odd.once(0x27, SELECTION));
    expect(refusalOf(await key.select(call()))).toEqual({ kind: 'touchDenied' });
    expect(authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(0);
  });
});
