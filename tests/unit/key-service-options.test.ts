// The command line of the key service: what it insists on reaches the processes that serve, whole, or it does not start.
import { describe, expect, test } from 'vitest';
import { strictest, type TrustPolicy } from '../../main/fido/metadata/trust.ts';
import { readServiceOptions, sessionArguments } from '../../main/keyhost/service/service-options.ts';
import { asksNothing } from '../support/metadata-maker.ts';

const ONE = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const TWO = 'eabb46cc-e241-80bf-ae9e-96fa6d2975cf';
const base = ['--rp-id', 'login.microsoft.com'];

describe('the command line', () => {
  test('without more, of real keys, asks nothing of them', () => {
    expect(readServiceOptions([...base, '--listen', '/run/keys.sock'])).toEqual({
      offered: { links: 'hid', rpId: 'login.microsoft.com', trust: asksNothing },
      serves: { socketPath: '/run/keys.sock' },
    });
  });

  test('what a service insists on is what its sessions are told', () => {
    const told = readServiceOptions([
      ...base,
      '--listen=/run/keys.sock',
      '--links=virtual',
      `--care-token-sha256=${'-'.repeat(43)}`,
      '--metadata=/var/lib/blob.jwt',
      '--metadata-grace-days=30',
      `--allow-model=${ONE.toUpperCase()}`,
      `--allow-model=${TWO}`,
      `--refuse-model=${TWO}`,
      '--require-attestation',
      '--require-metadata',
      '--fresh-keys-only',
      '--least-certification=L2',
    ]);
    if (told === null) throw new Error('not read');
    expect(told.offered).toEqual({
      links: 'virtual',
      rpId: 'login.microsoft.com',
      careTokenSha256B64u: '-'.repeat(43),
      metadata: { keptFile: '/var/lib/blob.jwt', graceDays: 30 },
      trust: {
        allowedKeyModels: [ONE, TWO],
        refusedKeyModels: [TWO],
        requireAttestation: true,
        requireMetadata: true,
        leastCertification: 'L2',
        freshKeysOnly: true,
      },
    });
    expect(readServiceOptions(sessionArguments(told.offered))).toEqual({ ...told, serves: { client: 'socket' } });
  });

  test.each([
    ['no relying party', ['--listen', '/run/keys.sock']],
    ['neither a socket nor a client', base],
    ['both', [...base, '--listen', '/run/keys.sock', '--session']],
    ['a model that is none', [...base, '--session', '--allow-model', 'YubiKey']],
    ['a level that is none', [...base, '--session', '--least-certification', 'L9']],
    ['an argument that nobody knows', [...base, '--session', '--require-atestation']],
    ['days that are none', [...base, '--session', '--metadata', 'x', '--metadata-grace-days', 'many']],
  ])('does not start with %s', (_, args) => {
    expect(readServiceOptions(args)).toBeNull();
  });
});

describe('two policies at once', () => {
  const merged = (own: Partial<TrustPolicy>, other: Partial<TrustPolicy>) =>
    strictest({ ...asksNothing, ...own }, { ...asksNothing, ...other });

  test('ask what either asks', () => {
    expect(merged({ requireAttestation: true }, { freshKeysOnly: true })).toMatchObject({
      requireAttestation: true,
      freshKeysOnly: true,
      requireMetadata: false,
    });
    expect(merged({ leastCertification: 'L1' }, { leastCertification: 'L2' }).leastCertification).toBe('L2');
    expect(merged({ leastCertification: 'L2' }, {}).leastCertification).toBe('L2');
    expect(merged({}, { leastCertification: 'L1' }).leastCertification).toBe('L1');
  });

  test('allow a model only where both do, and never all because they agree on none', () => {
    expect(merged({ allowedKeyModels: [ONE] }, {}).allowedKeyModels).toEqual([ONE]);
    expect(merged({}, { allowedKeyModels: [ONE] }).allowedKeyModels).toEqual([ONE]);
    expect(merged({ allowedKeyModels: [ONE, TWO] }, { allowedKeyModels: [TWO] })).toMatchObject({
      allowedKeyModels: [ONE, TWO],
      refusedKeyModels: [ONE],
    });
    expect(merged({ allowedKeyModels: [ONE] }, { allowedKeyModels: [TWO] })).toMatchObject({
      allowedKeyModels: [ONE],
      refusedKeyModels: [ONE],
    });
    expect(merged({ refusedKeyModels: [ONE] }, { refusedKeyModels: [TWO, ONE] }).refusedKeyModels).toEqual([ONE, TWO]);
  });
});
