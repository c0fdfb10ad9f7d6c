// Keys with a sensor and no tokens, as CTAP 2.0 had them: the request itself has them ask for the finger.
import { describe, expect, test } from 'vitest';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';
import type { OperationCall } from '../../main/fido/key/operation.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import {
  CLIENT_PIN,
  GET_ASSERTION,
  MAKE_CREDENTIAL,
  ScriptedAuthenticator,
  okay,
  type Parameters,
  type Request,
} from '../support/fido-scripted-authenticator.ts';
import { pinBytes, refusalOf, valueOf } from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const hash = new Uint8Array(32).fill(0xcd);
const call = (): OperationCall => ({ signal: new AbortController().signal });
const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  clientDataHash: hash,
  rp: { id: 'login.example', name: 'Example' },
  user: { id: Uint8Array.of(1), name: 'lina', displayName: 'Lina' },
  algorithms: [-7],
  excludeCredentialIds: [],
  hmacSecret: false,
  credProtect: null,
  ...changes,
});
const signIn = { rpId: 'login.example', clientDataHash: hash, allowCredentialIds: [] };
const asksForFinger = ({ parameters }: Request, optionsAt: number): boolean =>
  (parameters.get(optionsAt) as Parameters | undefined)?.get('uv') === true;

function oldKey(status = 0) {
  const authenticator = new ScriptedAuthenticator();
  authenticator.options = { rk: true, uv: true };
  authenticator.pin = '246810';
  const answers = (at: number, given: (parameters: Parameters) => ReadonlyMap<number, unknown>) => (asked: Request) =>
    asksForFinger(asked, at) ? (status === 0 ? okay(given(asked.parameters)) : status) : undefined;
  const make = answers(7, (parameters) => authenticator.makeUnverified(parameters));
  const sign = answers(
    5,
    () =>
      new Map<number, unknown>([
        [1, new Map([['id', Uint8Array.of(9)]])],
        [2, new Uint8Array(37)],
        [3, Uint8Array.of(1)],
      ]),
  );
  authenticator.interceptions.push((asked) => {
    if (asked.command === MAKE_CREDENTIAL) return make(asked);
    return asked.command === GET_ASSERTION ? sign(asked) : undefined;
  });
  const surroundings = { clock: new ManualClock(), randomBytes: seededRandomBytes('sensor in request') };
  return { authenticator, key: new SecurityKey(authenticator, surroundings) };
}

describe('a sensor without tokens', () => {
  test('makes a credential: the option, and no PIN/UV parameter beside it', async () => {
    const { key, authenticator } = oldKey();
    valueOf(await key.makeCredential(request(), 'sensor', call()));
    const [sent] = authenticator.sent(MAKE_CREDENTIAL);
    expect(sent?.parameters.get(7)).toEqual(
      new Map([
        ['rk', true],
        ['uv', true],
      ]),
    );
    expect([sent?.parameters.has(8), sent?.parameters.has(9)]).toEqual([false, false]);
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('signs in the same way', async () => {
    const { key, authenticator } = oldKey();
    expect(valueOf(await key.getAssertions(signIn, 'sensor', call()))).toHaveLength(1);
    const [sent] = authenticator.sent(GET_ASSERTION);
    expect(sent?.parameters.get(5)).toEqual(new Map([['uv', true]]));
    expect([sent?.parameters.has(6), sent?.parameters.has(7)]).toEqual([false, false]);
  });

  test('is asked about a long exclude list without a finger', async () => {
    const { key, authenticator } = oldKey();
    const excludeCredentialIds = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));
    authenticator.interceptions.unshift((asked) =>
      asked.command === GET_ASSERTION && !asksForFinger(asked, 5) ? 0x2e : undefined,
    );
    valueOf(await key.makeCredential(request({ excludeCredentialIds }), 'sensor', call()));
    const probes = authenticator.sent(GET_ASSERTION);
    expect(probes).toHaveLength(3);
    for (const { parameters } of probes) {
      expect(parameters.get(5)).toEqual(new Map([['up', false]]));
      expect(parameters.has(6)).toBe(false);
    }
    expect(asksForFinger(authenticator.sent(MAKE_CREDENTIAL)[0] as Request, 7)).toBe(true);
  });

  test.each([
    [0x3f, 'fingerprintWrong'],
    [0x3c, 'fingerprintLocked'],
    [0x27, 'touchDenied'],
    [0x2f, 'touchTimeout'],
  ])('status %i', async (status, kind) => {
    const { key } = oldKey(status);
    expect(refusalOf(await key.makeCredential(request(), 'sensor', call()))).toMatchObject({ kind });
    expect(refusalOf(await key.getAssertions(signIn, 'sensor', call()))).toMatchObject({ kind });
  });

  test('takes its PIN all the same', async () => {
    const { key, authenticator } = oldKey();
    valueOf(await key.makeCredential(request(), pinBytes('246810'), call()));
    const [sent] = authenticator.sent(MAKE_CREDENTIAL);
    expect(sent?.parameters.get(7)).toEqual(new Map([['rk', true]]));
    expect(sent?.parameters.get(8)).toHaveLength(32);
  });

  test.each([{ rk: true }, { rk: true, uv: false }])('is not there (%j): nothing is sent', async (options) => {
    const { key, authenticator } = oldKey();
    authenticator.options = options;
    expect(refusalOf(await key.makeCredential(request(), 'sensor', call()))).toMatchObject({ feature: 'ownVerification' });
    expect(authenticator.sent(MAKE_CREDENTIAL)).toHaveLength(0);
  });
});
