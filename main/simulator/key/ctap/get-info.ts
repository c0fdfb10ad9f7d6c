// authenticatorGetInfo: says of this key what is true of it, as far as its generation knows the fields.
// Source: CTAP 2.3 §6.4.
import { createCipheriv, hkdfSync } from 'node:crypto';
import { encodeCbor, type CborKey, type CborMap, type CborValue } from '../../../fido/bytes/cbor.ts';
import { UV_ATTEMPTS_PER_REQUEST, hasEnrolledFinger } from '../pin/user-verification.ts';
import type { FingerprintModel } from '../key-model.ts';
import { configSubCommands } from './authenticator-config.ts';
import { hasQuirk, isModern, type CommandContext } from './key-session.ts';

const MAX_PIN_CODE_POINTS = 63;
/** FIDO Registry of Predefined Values §3.1: fingerprint, and a PIN typed elsewhere. */
const UvModality = { fingerprintInternal: 0x02, passcodeExternal: 0x800 } as const;

export function getInfo(context: CommandContext): CborMap {
  const { ctap2, memory, model } = context;
  const modern = isModern(context);
  const { major, minor, build } = model.firmware;
  const info = new Map<CborKey, CborValue>();
  // A key that always verifies its owner has no U2F, which can't (CTAP 2.3 §7.2).
  const speaksU2f = model.hid.u2f && !memory.alwaysUv;
  info.set(0x01, speaksU2f ? ['U2F_V2', ...ctap2.versions] : ctap2.versions);
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
    if (ctap2.maxRpIdsForMinPinLength > 0) info.set(0x10, ctap2.maxRpIdsForMinPinLength);
    if (ctap2.fingerprint !== undefined) {
      info.set(0x11, UV_ATTEMPTS_PER_REQUEST);
      info.set(0x12, UvModality.fingerprintInternal | UvModality.passcodeExternal);
    }
    info.set(0x14, memory.slotsLeft);
    info.set(0x16, ctap2.attestation === 'none' ? ['none'] : ['packed']);
    if (ctap2.longTouchForReset) info.set(0x18, memory.longTouchForReset);
    info.set(0x1d, MAX_PIN_CODE_POINTS);
    if (ctap2.longTouchForReset) info.set(0x1f, configSubCommands(context));
  }
  if (ctap2.persistentToken) {
    info.set(0x19, sealed(context, 'encIdentifier', memory.identifier));
    info.set(0x1e, sealed(context, 'encCredStoreState', memory.storeState));
  }
  if (hasQuirk(context, 'vendor-commands-beyond-double')) info.set(0x15, [0xe8d0_b3f1_2c4a_5701n, 1n]);
  if (hasQuirk(context, 'fields-of-tomorrow')) {
    info.set(0x7f, new Map<string, CborValue>([['made', ['tomorrow', 18_446_744_073_709_551_615n]]]));
    info.set(-1, new Uint8Array(3));
    info.set('vendor', true);
  }
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
  if (isModern(context)) said.set('pinUvAuthToken', true);
  if (ctap2.fingerprint !== undefined) setFingerOptions(said, context, ctap2.fingerprint);
  if (ctap2.credentialManagement) said.set('credMgmt', true);
  if (ctap2.credentialManagementPreview) said.set('credentialMgmtPreview', true);
  if (ctap2.authenticatorConfig) {
    said.set('authnrCfg', true);
    said.set('setMinPINLength', true);
  }
  if (ctap2.alwaysUv !== 'unknown') said.set('alwaysUv', memory.alwaysUv);
  if (ctap2.enterpriseAttestation !== undefined) said.set('ep', memory.enterpriseAttestation);
  if (ctap2.persistentToken) said.set('perCredMgmtRO', true);
  if (ctap2.makeCredUvNotRequired && !memory.alwaysUv) said.set('makeCredUvNotRqd', true);
  if (hasQuirk(context, 'no-credentials-by-pin')) said.set('noMcGaPermissionsWithClientPin', true);
  if (hasQuirk(context, 'non-boolean-option')) said.set('defaultCredProtect', 2);
  if (hasQuirk(context, 'fields-of-tomorrow')) said.set('futureOption', null);
  return said;
}

function setFingerOptions(said: Map<string, CborValue>, context: CommandContext, sensor: FingerprintModel): void {
  const isEnrolled = hasEnrolledFinger(context);
  said.set('uv', isEnrolled);
  if (sensor.commands !== 'preview') said.set('bioEnroll', isEnrolled);
  if (sensor.commands !== 'final') said.set('userVerificationMgmtPreview', isEnrolled);
  if (sensor.managesItself) {
    said.set('uvBioEnroll', true);
    said.set('uvAcfg', true);
  }
}

/** AES-128-CBC under a key of the persistent token: only who once gave the PIN can read it (CTAP 2.3 §6.4). */
function sealed({ memory, surroundings }: CommandContext, name: string, plaintext: Uint8Array): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha256', memory.persistentToken, new Uint8Array(32), name, 16));
  const iv = surroundings.randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([iv, cipher.update(plaintext), cipher.final()]));
}

/** A map of fewer than 24 entries with its keys in falling order: what the quirk `unsorted-info` sends. */
export function encodeBackwards(map: CborMap): Uint8Array {
  const entries = [...map].map(([key, value]) => Buffer.concat([encodeCbor(key), encodeCbor(value)]));
  return Buffer.concat([Uint8Array.of(0xa0 | entries.length), ...entries.toSorted((left, right) => Buffer.compare(right, left))]);
}
