// authenticatorGetInfo: says of this key what is true of it, as far as its generation knows the fields.
// Source: CTAP 2.3 §6.4.
import { encodeCbor, type CborMap, type CborValue } from '../../../fido/bytes/cbor.ts';
import { hasQuirk, type CommandContext } from './key-session.ts';

const MAX_PIN_CODE_POINTS = 63;

export function getInfo(context: CommandContext): CborMap {
  const { ctap2, memory, model } = context;
  const modern = ctap2.tokens === 'per-operation';
  const { major, minor, build } = model.firmware;
  const info = new Map<number, CborValue>();
  info.set(0x01, ctap2.versions);
  if (ctap2.extensions.length > 0) info.set(0x02, ctap2.extensions);
  info.set(0x03, ctap2.aaguid);
  info.set(0x04, options(context));
  info.set(0x05, ctap2.maxRequestBytes);
  info.set(0x06, ctap2.pinUvProtocols);
  if (modern) {
    info.set(0x07, ctap2.maxCredentialCountInList);
    info.set(0x08, ctap2.credentialIdBytes);
    info.set(0x09, ['usb']);
  }
  if (ctap2.listsAlgorithms) {
    info.set(
      0x0a,
      ctap2.algorithms.map(
        (alg) =>
          new Map<string, CborValue>([
            ['alg', alg],
            ['type', 'public-key'],
          ]),
      ),
    );
  }
  if (modern) {
    info.set(0x0c, memory.forcePinChange);
    info.set(0x0d, memory.minPinLength);
    info.set(0x0e, (major << 16) | (minor << 8) | build);
    info.set(0x14, memory.slotsLeft);
    info.set(0x16, ctap2.attestation === 'none' ? ['none'] : ['packed']);
    info.set(0x1d, MAX_PIN_CODE_POINTS);
  }
  if (hasQuirk(context, 'vendor-commands-beyond-double')) info.set(0x15, [0xe8d0_b3f1_2c4a_5701n, 1n]);
  for (const [key, value] of ctap2.infoOverrides) {
    if (value === undefined) info.delete(key);
    else info.set(key, value);
  }
  return info;
}

function options(context: CommandContext): CborMap {
  const { ctap2, memory } = context;
  const said = new Map<string, CborValue>([
    ['plat', false],
    ['rk', ctap2.discoverableCapacity > 0],
    ['up', true],
  ]);
  if (ctap2.pinUvProtocols.length > 0) said.set('clientPin', memory.pin !== undefined);
  if (ctap2.tokens === 'per-operation') said.set('pinUvAuthToken', true);
  if (ctap2.credentialManagement) said.set('credMgmt', true);
  if (ctap2.credentialManagementPreview) said.set('credentialMgmtPreview', true);
  if (ctap2.authenticatorConfig) {
    said.set('authnrCfg', true);
    said.set('setMinPINLength', true);
  }
  if (ctap2.makeCredUvNotRequired) said.set('makeCredUvNotRqd', true);
  if (hasQuirk(context, 'no-credentials-by-pin')) said.set('noMcGaPermissionsWithClientPin', true);
  if (hasQuirk(context, 'non-boolean-option')) said.set('defaultCredProtect', 2);
  return said;
}

/** A map of fewer than 24 entries with its keys in falling order: what the quirk `unsorted-info` sends. */
export function encodeBackwards(map: CborMap): Uint8Array {
  const entries = [...map].map(([key, value]) => Buffer.concat([encodeCbor(key), encodeCbor(value)]));
  return Buffer.concat([Uint8Array.of(0xa0 | entries.length), ...entries.toSorted((left, right) => Buffer.compare(right, left))]);
}
