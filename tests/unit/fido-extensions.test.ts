// What goes along with a new credential or a sign-in beside the plain request, and what comes of it.
import { describe, expect, test } from 'vitest';
import type { HmacSalts } from '../../main/fido/ctap/hmac-secret.ts';
import type { CredentialRequest } from '../../main/fido/key/credential-request.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { readAuthenticatorData } from '../../main/fido/webauthn/authenticator-data.ts';
import { PIN, careScene, operationCall as call, trail } from '../support/fido-care-scene.ts';
import {
  CLIENT_PIN,
  GET_ASSERTION,
  GET_NEXT_ASSERTION,
  MAKE_CREDENTIAL,
  hmacOfSalts,
  okay,
  type Parameters,
  type ScriptedAuthenticator,
} from '../support/fido-scripted-authenticator.ts';
import { refusalOf, valueOf } from '../support/key-client.ts';

const RP_ID = 'login.microsoft.com';
const HASH = new Uint8Array(32).fill(0xcd);
const salt = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  clientDataHash: HASH,
  rp: { id: RP_ID, name: 'Microsoft' },
  user: { id: new Uint8Array(8).fill(1), name: 'lina', displayName: 'Lina' },
  algorithms: [-7],
  excludeCredentialIds: [],
  hmacSecret: false,
  credProtect: null,
  ...changes,
});
const offering =
  (...extensions: readonly string[]) =>
  ({ info }: ScriptedAuthenticator): void =>
    void info.set(2, extensions);
const extensionsIn = (parameters: Parameters | undefined, key: number): readonly unknown[] => [
  ...((parameters?.get(key) as Parameters | undefined)?.keys() ?? []),
];

describe('minPinLength', () => {
  test('is asked for where the key has it, and comes back signed', async () => {
    const { key, authenticator } = careScene(offering('minPinLength'));
    const created = valueOf(await key.makeCredential(request({ minPinLength: true }), PIN, call()));
    expect(readAuthenticatorData(created.authenticatorData).extensions).toEqual(new Map([['minPinLength', true]]));
    expect(extensionsIn(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters, 6)).toEqual(['minPinLength']);
  });

  test.each([
    [['credProtect'], true],
    [['minPinLength'], false],
  ])('extensions %j, asked %s: not sent', async (extensions, minPinLength) => {
    const { key, authenticator } = careScene(offering(...extensions));
    valueOf(await key.makeCredential(request({ minPinLength }), PIN, call()));
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.has(6)).toBe(false);
  });
});

describe('enterprise attestation', () => {
  test.each([
    [true, 'vendorFacilitated', 1],
    [true, 'platformManaged', 2],
    [true, undefined, undefined],
    [false, 'vendorFacilitated', undefined],
    [undefined, 'platformManaged', undefined],
  ] as const)('ep %s, asked for %s: sent as %s', async (ep, enterpriseAttestation, expected) => {
    const { key, authenticator } = careScene(({ options }) => {
      if (ep === undefined) delete options['ep'];
      else options['ep'] = ep;
    });
    const changes = enterpriseAttestation === undefined ? {} : { enterpriseAttestation };
    valueOf(await key.makeCredential(request(changes), PIN, call()));
    expect(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters.get(0x0a)).toBe(expected);
  });
});

describe.each([[[2, 1]], [[1]]])('secrets for salts, protocols %j', (protocols) => {
  const scene = (...extensions: readonly string[]) =>
    careScene((authenticator) => {
      offering(...extensions)(authenticator);
      authenticator.info.set(6, protocols);
    });
  const expected = (salts: HmacSalts): readonly Uint8Array[] => salts.map((one) => Uint8Array.from(hmacOfSalts(one)));

  test.each<[HmacSalts]>([[[salt(1)]], [[salt(1), salt(2)]]])('at creation (%#)', async (hmacSalts) => {
    const { key, authenticator } = scene('hmac-secret', 'hmac-secret-mc');
    const created = valueOf(await key.makeCredential(request({ hmacSalts }), PIN, call()));
    expect(created.hmacSecrets).toEqual(expected(hmacSalts));
    const [sent] = authenticator.sent(MAKE_CREDENTIAL);
    expect(extensionsIn(sent?.parameters, 6)).toEqual(['hmac-secret', 'hmac-secret-mc']);
    expect((sent?.parameters.get(6) as Parameters | undefined)?.get('hmac-secret')).toBe(true);
  });

  test('the agreement for them is a fresh one, after the token', async () => {
    const { key, authenticator } = scene('hmac-secret', 'hmac-secret-mc');
    valueOf(await key.makeCredential(request({ hmacSalts: [salt(1)] }), PIN, call()));
    expect(trail(authenticator.requests).slice(-4)).toEqual(['6/2', '6/9', '6/2', expect.stringMatching(/^1/)]);
  });

  test('not at creation where the key has it for sign-ins only', async () => {
    const { key, authenticator } = scene('hmac-secret');
    const created = valueOf(await key.makeCredential(request({ hmacSalts: [salt(1)], hmacSecret: true }), PIN, call()));
    expect(created.hmacSecrets).toBeUndefined();
    expect(extensionsIn(authenticator.sent(MAKE_CREDENTIAL)[0]?.parameters, 6)).toEqual(['hmac-secret']);
  });

  test('at a sign-in, for every account', async () => {
    const { key } = scene('hmac-secret');
    for (let round = 0; round < 2; round += 1) valueOf(await key.makeCredential(request(), PIN, call()));
    const asked = { rpId: RP_ID, clientDataHash: HASH, allowCredentialIds: [], hmacSalts: [salt(3)] as const };
    const assertions = valueOf(await key.getAssertions(asked, PIN, call()));
    expect(assertions.map(({ hmacSecrets }) => hmacSecrets)).toEqual([expected([salt(3)]), expected([salt(3)])]);
  });

  test('not at a sign-in where the key lacks it', async () => {
    const { key, authenticator } = scene();
    valueOf(await key.makeCredential(request(), PIN, call()));
    const asked = { rpId: RP_ID, clientDataHash: HASH, allowCredentialIds: [], hmacSalts: [salt(3)] as const };
    expect(valueOf(await key.getAssertions(asked, PIN, call()))[0]?.hmacSecrets).toBeUndefined();
    expect(authenticator.sent(GET_ASSERTION)[0]?.parameters.has(4)).toBe(false);
  });
});

describe('choosing an account', () => {
  const ask = (allowCredentialIds: readonly Uint8Array[] = []) => ({ rpId: RP_ID, clientDataHash: HASH, allowCredentialIds });
  const answer = (changes: readonly (readonly [number, unknown])[]): Uint8Array =>
    okay(
      new Map<number, unknown>([[1, new Map([['id', salt(9)]])], [2, new Uint8Array(37)], [3, new Uint8Array(8)], ...changes]),
    );

  test('names and ids of all of them', async () => {
    const { key, authenticator } = careScene();
    const user = (fill: number, name: string) =>
      new Map<string, unknown>([
        ['id', salt(fill)],
        ['name', name],
        ['displayName', name.toUpperCase()],
      ]);
    authenticator.once(
      answer([
        [4, user(1, 'lina')],
        [5, 2],
      ]),
      GET_ASSERTION,
    );
    authenticator.once(
      answer([
        [1, new Map([['id', salt(8)]])],
        [4, user(2, 'omar')],
      ]),
      GET_NEXT_ASSERTION,
    );
    const accounts = valueOf(await key.getAssertions(ask(), PIN, call()));
    expect(accounts.map(({ credentialId, user: account }) => [credentialId[0], account?.name, account?.displayName])).toEqual([
      [9, 'lina', 'LINA'],
      [8, 'omar', 'OMAR'],
    ]);
  });

  test('chosen on the key itself: there is no next one', async () => {
    const { key, authenticator } = careScene();
    authenticator.once(
      answer([
        [5, 3],
        [6, true],
      ]),
      GET_ASSERTION,
    );
    expect(valueOf(await key.getAssertions(ask(), PIN, call()))).toMatchObject([{ userSelected: true }]);
    expect(authenticator.sent(GET_NEXT_ASSERTION)).toHaveLength(0);
  });

  test('an id left out is the only one that was allowed', async () => {
    const { key, authenticator } = careScene();
    const withoutId = okay(
      new Map<number, unknown>([
        [2, new Uint8Array(37)],
        [3, new Uint8Array(8)],
      ]),
    );
    authenticator.once(withoutId, GET_ASSERTION);
    expect(valueOf(await key.getAssertions(ask([salt(4)]), PIN, call()))[0]?.credentialId).toEqual(salt(4));
    authenticator.once(withoutId, GET_ASSERTION);
    await expect(key.getAssertions(ask(), PIN, call())).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test('a long list of allowed ids is asked for silently first', async () => {
    const { key, authenticator } = careScene(({ info }) => info.set(7, 2).set(8, 64));
    valueOf(await key.makeCredential(request(), PIN, call()));
    const known = Uint8Array.from(authenticator.credentials[0]?.id ?? []);
    const ids = [salt(1), salt(2), salt(3), known, salt(4)];
    expect(valueOf(await key.getAssertions(ask(ids), PIN, call()))).toMatchObject([{ credentialId: known }]);
    const asked = authenticator
      .sent(GET_ASSERTION)
      .map(({ parameters }) => [
        (parameters.get(3) as unknown[]).length,
        (parameters.get(5) as Parameters | undefined)?.get('up'),
      ]);
    expect(asked).toEqual([
      [2, false],
      [2, false],
      [1, undefined],
    ]);
  });

  test('none of them here, or none that could be: no touch is asked for', async () => {
    const { key, authenticator } = careScene(({ info }) => info.set(7, 2).set(8, 64));
    const none = await key.getAssertions(ask([salt(1), salt(2), salt(3)]), PIN, call());
    expect(refusalOf(none)).toEqual({ kind: 'noCredential' });
    const impossible = await key.getAssertions(ask([new Uint8Array(65)]), PIN, call());
    expect(refusalOf(impossible)).toEqual({ kind: 'noCredential' });
    const touches = authenticator.sent(GET_ASSERTION).filter(({ parameters }) => !parameters.has(5));
    expect(touches).toHaveLength(0);
    expect(authenticator.sent(CLIENT_PIN, 9).every(({ parameters }) => parameters.get(9) === 2)).toBe(true);
  });
});
