import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { PIN, careScene, operationCall as call } from '../support/fido-care-scene.ts';
import {
  CLIENT_PIN,
  CREDENTIAL_MANAGEMENT as STANDARD,
  CREDENTIAL_MANAGEMENT_PREVIEW as PREVIEW,
  okay,
  type ScriptedAuthenticator,
} from '../support/fido-scripted-authenticator.ts';
import { pinBytes, refusalOf, valueOf } from '../support/key-client.ts';

const TOKEN_PERMISSIONS = 9;
const TOKEN_20 = 5;
const hashOf = (rpId: string): Uint8Array => Uint8Array.from(createHash('sha256').update(rpId).digest());
const previewKey = (authenticator: ScriptedAuthenticator): void => {
  authenticator.options = { rk: true, credentialMgmtPreview: true };
  authenticator.info.set(1, ['FIDO_2_0', 'FIDO_2_1_PRE']);
};

describe('listing', () => {
  test('every account, site by site', async () => {
    const { key, care } = careScene();
    care.account('a.example', 1, 'lina');
    care.account('b.example', 2, 'omar');
    care.account('a.example', 3, 'mona');
    const listed = valueOf(await key.credentials.list(PIN, call()));
    expect(listed.map(({ rpId, credentials }) => [rpId, credentials.map(({ user }) => [user.name, user.displayName])])).toEqual([
      [
        'a.example',
        [
          ['lina', 'LINA'],
          ['mona', 'MONA'],
        ],
      ],
      ['b.example', [['omar', 'OMAR']]],
    ]);
    expect(listed[0]?.credentials[1]).toEqual({
      credentialId: new Uint8Array(16).fill(3),
      user: { id: new Uint8Array(4).fill(3), name: 'mona', displayName: 'MONA' },
      algorithm: -7,
      credProtect: 2,
    });
  });

  test('one enumeration ends before the next begins', async () => {
    const { key, care, authenticator } = careScene();
    for (const [rpId, fill] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
    ] as const)
      care.account(rpId, fill, 'x');
    valueOf(await key.credentials.list(PIN, call()));
    expect(authenticator.sent(STANDARD).map(({ parameters }) => parameters.get(1))).toEqual([2, 3, 4, 5, 4]);
  });

  test('none: by status, by a total of zero', async () => {
    const { key, authenticator } = careScene();
    expect(valueOf(await key.credentials.list(PIN, call()))).toEqual([]);
    authenticator.once(okay(new Map([[5, 0]])), STANDARD);
    expect(valueOf(await key.credentials.list(PIN, call()))).toEqual([]);
  });

  test('a key that leaves the hash out', async () => {
    const { key, care } = careScene(previewKey);
    care.leavesHashOut = true;
    care.account('a.example', 1, 'lina');
    expect(valueOf(await key.credentials.list(PIN, call()))).toMatchObject([
      { rpIdHash: hashOf('a.example'), credentials: [{ user: { name: 'lina' } }] },
    ]);
  });

  test('a key that tells neither id nor hash', async () => {
    const { key, authenticator } = careScene();
    authenticator.once(okay(new Map([[5, 1]])), STANDARD);
    await expect(key.credentials.list(PIN, call())).rejects.toBeInstanceOf(ProtocolViolation);
  });

  test('a key that claims a million relying parties is asked for none of them', async () => {
    const { key, authenticator } = careScene();
    authenticator.once(
      okay(
        new Map<number, unknown>([
          [4, hashOf('a')],
          [5, 1_000_000],
        ]),
      ),
      STANDARD,
    );
    await expect(key.credentials.list(PIN, call())).rejects.toThrow('1000000 relying parties');
    expect(authenticator.sent(STANDARD)).toHaveLength(1);
  });

  test('a key that claims more than its share of credentials, over all its sites', async () => {
    const { key, authenticator } = careScene();
    const user = new Map([['id', hashOf('u')]]);
    let asked = 0;
    authenticator.interceptions.push(({ command, parameters }) => {
      if (command !== STANDARD) return undefined;
      asked += 1;
      const sub = parameters.get(1) as number;
      return sub <= 3
        ? okay(
            new Map<number, unknown>([
              [4, hashOf(`site ${asked}`)],
              [5, 2_000],
            ]),
          )
        : okay(
            new Map<number, unknown>([
              [6, user],
              [7, user],
              [9, 2_000],
            ]),
          );
    });
    await expect(key.credentials.list(PIN, call())).rejects.toThrow('2000 credentials');
    expect(asked).toBeLessThan(5_000);
  });

  test('a list that ends before its time', async () => {
    const { key, care, authenticator } = careScene();
    care.account('a', 1, 'x');
    authenticator.once(
      okay(
        new Map<number, unknown>([
          [4, hashOf('a')],
          [5, 3],
        ]),
      ),
      STANDARD,
      undefined,
    );
    authenticator.interceptions.push(({ command, parameters }) =>
      command === STANDARD && parameters.get(1) === 3 ? 0x2e : undefined,
    );
    await expect(key.credentials.list(PIN, call())).rejects.toThrow('1 relying parties instead of 3');
  });

  test('a public key of a kind nobody knows does not spoil the list', async () => {
    const { key, authenticator, care } = careScene();
    care.account('a', 1, 'x');
    const odd = new Map<number, unknown>([
      [6, new Map([['id', hashOf('u')]])],
      [7, new Map([['id', hashOf('c')]])],
      [8, new Map([[3, 'ES256']])],
      [9, 1],
    ]);
    authenticator.interceptions.push(({ command, parameters }) =>
      command === STANDARD && parameters.get(1) === 4 ? okay(odd) : undefined,
    );
    expect(valueOf(await key.credentials.list(PIN, call()))[0]?.credentials[0]?.algorithm).toBeUndefined();
  });
});

describe('which form, which permission', () => {
  test('the standard one, with the right to manage', async () => {
    const { key, authenticator } = careScene();
    expect(valueOf(await key.credentials.count(PIN, call()))).toEqual({ existing: 0, remainingAtMost: 25 });
    const [asked] = authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS);
    expect([asked?.parameters.get(9), asked?.parameters.has(10)]).toEqual([4, false]);
    expect(authenticator.sent(PREVIEW)).toHaveLength(0);
  });

  test('to read, the permission that cannot delete, where there is one', async () => {
    const { key, authenticator, care } = careScene(({ options }) => void (options['perCredMgmtRO'] = true));
    const { credentialId } = care.account('a', 1, 'x');
    valueOf(await key.credentials.count(PIN, call()));
    valueOf(await key.credentials.list(PIN, call()));
    valueOf(await key.credentials.remove(credentialId, PIN, call()));
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS).map(({ parameters }) => parameters.get(9))).toEqual([64, 64, 4]);
  });

  test('the preview, with a token of its day', async () => {
    const { key, authenticator, care } = careScene(previewKey);
    const { credentialId } = care.account('a', 1, 'x');
    expect(valueOf(await key.credentials.count(PIN, call())).existing).toBe(1);
    valueOf(await key.credentials.remove(credentialId, PIN, call()));
    expect(care.accounts).toEqual([]);
    expect([authenticator.sent(STANDARD).length, authenticator.sent(CLIENT_PIN, TOKEN_20).length]).toEqual([0, 2]);
  });

  test.each<[string, (authenticator: ScriptedAuthenticator) => void]>([
    ['nothing of it', (authenticator) => void (authenticator.options = { rk: true })],
    ['it switched off', (authenticator) => void (authenticator.options = { rk: true, credMgmt: false })],
    ['the preview option without its version', (authenticator) => void (authenticator.options = { credentialMgmtPreview: true })],
  ])('a key with %s is not sent a PIN', async (_name, set) => {
    const { key, authenticator } = careScene(set);
    expect(refusalOf(await key.credentials.list(PIN, call()))).toEqual({
      kind: 'notOffered',
      feature: 'credentialManagement',
    });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });

  test('by the key’s own sensor instead of the PIN', async () => {
    const { key, authenticator } = careScene((bio) => void (bio.finger = 'right'));
    valueOf(await key.credentials.count('sensor', call()));
    expect(authenticator.sent(CLIENT_PIN, 6)[0]?.parameters.get(9)).toBe(4);
    expect(authenticator.sent(CLIENT_PIN, TOKEN_PERMISSIONS)).toHaveLength(0);
  });

  test('a wrong PIN is a wrong PIN here too', async () => {
    const { key } = careScene();
    expect(refusalOf(await key.credentials.list(pinBytes('999999'), call()))).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
  });
});

describe('changing', () => {
  test('one is deleted, the others stay', async () => {
    const { key, care } = careScene();
    const { credentialId } = care.account('a', 1, 'x');
    care.account('a', 2, 'y');
    valueOf(await key.credentials.remove(credentialId, PIN, call()));
    expect(care.accounts.map(({ user }) => user.get('name'))).toEqual(['y']);
  });

  test('an unknown one', async () => {
    const { key } = careScene();
    expect(refusalOf(await key.credentials.remove(new Uint8Array(4), PIN, call()))).toEqual({ kind: 'noCredential' });
  });

  test('new names, as long as keys take them, beside the same id', async () => {
    const { key, care } = careScene();
    const account = care.account('a', 1, 'x');
    const user = { id: new Uint8Array(4).fill(1), name: 'n'.repeat(65), displayName: 'é'.repeat(33) };
    valueOf(await key.credentials.updateUser({ credentialId: account.credentialId, user }, PIN, call()));
    expect(account.user).toEqual(
      new Map<string, unknown>([
        ['id', new Uint8Array(4).fill(1)],
        ['name', 'n'.repeat(64)],
        ['displayName', 'é'.repeat(32)],
      ]),
    );
  });

  test('a preview key cannot, and is not asked', async () => {
    const { key, authenticator } = careScene(previewKey);
    const user = { id: new Uint8Array(4), name: 'n', displayName: 'd' };
    const outcome = await key.credentials.updateUser({ credentialId: new Uint8Array(4), user }, PIN, call());
    expect(refusalOf(outcome)).toEqual({ kind: 'notOffered', feature: 'userUpdate' });
    expect(authenticator.sent(CLIENT_PIN)).toHaveLength(0);
  });
});
