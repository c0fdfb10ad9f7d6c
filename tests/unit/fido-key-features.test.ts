import { describe, expect, test } from 'vitest';
import type { CborKey, CborValue } from '../../main/fido/bytes/cbor.ts';
import { readInfo } from '../../main/fido/ctap/get-info.ts';
import { keyFeatures } from '../../main/fido/care/key-features.ts';
import type { KeyFeature } from '../../main/fido/key/outcome.ts';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { keyBench } from '../support/key-bench.ts';
import { openClient } from '../support/key-client.ts';

const featuresOf = (
  options: Readonly<Record<string, boolean>>,
  fields: readonly (readonly [CborKey, CborValue])[] = [],
): readonly KeyFeature[] => [
  ...keyFeatures(
    readInfo(
      new Map<CborKey, CborValue>([
        [1, ['FIDO_2_0', 'FIDO_2_1_PRE']],
        [3, new Uint8Array(16)],
        [4, new Map(Object.entries(options))],
        ...fields,
      ]),
    ),
  ),
];

describe('what getInfo says a key offers', () => {
  const configuring = { authnrCfg: true, setMinPINLength: true, alwaysUv: false, ep: false };

  test.each<[string, Readonly<Record<string, boolean>>, readonly (readonly [CborKey, CborValue])[], readonly KeyFeature[]]>([
    ['nothing', {}, [], []],
    ['a sensor in use', { uv: true, pinUvAuthToken: true }, [], ['ownVerification']],
    ['a sensor without tokens', { uv: true }, [], []],
    ['a sensor not set up', { uv: false, pinUvAuthToken: true }, [], []],
    ['credential management', { credMgmt: true }, [], ['credentialManagement', 'userUpdate']],
    ['its preview', { credentialMgmtPreview: true }, [], ['credentialManagement']],
    ['its preview on a key that has no preview version', { credentialMgmtPreview: true }, [[1, ['FIDO_2_0']]], []],
    ['no finger yet', { bioEnroll: false }, [], ['fingerprints']],
    ['settings', configuring, [], ['minPinLength', 'alwaysUv', 'enterpriseAttestation']],
    ['settings without the command for them', { ...configuring, authnrCfg: false }, [], []],
    ['settings, listed', configuring, [[0x1f, [2]]], ['alwaysUv']],
    ['a long touch, listed', { authnrCfg: true }, [[0x1f, [4]]], ['longTouchForReset']],
    ['a long touch, shown', { authnrCfg: true }, [[0x18, false]], ['longTouchForReset']],
    ['complexity', { authnrCfg: true, setMinPINLength: true }, [[0x1b, false]], ['minPinLength', 'pinComplexityPolicy']],
    ['an identity', { perCredMgmtRO: true }, [], ['identity']],
  ])('%s', (_name, options, fields, features) => {
    expect(featuresOf(options, fields)).toEqual(features);
  });
});

describe('kinds of keys', () => {
  test.each<[KeyKindName, readonly KeyFeature[]]>([
    ['ctap20', []],
    ['preview21', ['credentialManagement', 'fingerprints']],
    ['modern', ['credentialManagement', 'userUpdate', 'minPinLength']],
    ['fingerprint', ['ownVerification', 'credentialManagement', 'userUpdate', 'fingerprints', 'minPinLength', 'alwaysUv']],
  ])('%s', async (kind, features) => {
    const bench = await keyBench(KEY_KINDS[kind]);
    const { key, call, run } = await openClient(bench, bench.link);
    const described = await run(key.describe(call));
    expect(described.kind === 'ctap2' && [...keyFeatures(described.info)]).toEqual(features);
  });
});
