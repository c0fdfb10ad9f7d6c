// What certifies a key: certificates in DER, the metadata service's list, a YubiKey's word about itself.
import { CborError, decodeCbor, encodeCbor } from '../../../main/fido/bytes/cbor.ts';
import { CborFields, asBytes, asMap, listOf } from '../../../main/fido/bytes/cbor-read.ts';
import { DerError, derItems } from '../../../main/fido/bytes/der.ts';
import { verifyCertificatePath } from '../../../main/fido/metadata/certificate-path.ts';
import { readMetadataBlob } from '../../../main/fido/metadata/metadata-blob.ts';
import { readMetadataEntry } from '../../../main/fido/metadata/metadata-entry.ts';
import { readYubikeyDevice } from '../../../main/fido/metadata/yubikey-device.ts';
import { CertificateError, readAttestationCertificate } from '../../../main/fido/webauthn/attestation-certificate.ts';
import { trainingAttestation } from '../../../main/simulator/key/training-attestation.ts';
import { seededRandomBytes } from '../../support/seeded-random.ts';
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { cborOf, plainOf } from './clones.ts';
import { NEVER, promise, unless } from './promises.ts';
import { recordedMessages } from './recorded.ts';

const MAX_DEPTH = 8;
const WALL_MS = Date.parse('2027-01-01T00:00:00Z');
const utf8 = new TextDecoder();

interface Certificates {
  readonly leaves: readonly Uint8Array[];
  readonly root: Uint8Array;
}

let certificates: Promise<Certificates> | undefined;

/** The recorded keys' own, and the root above them. */
function trainingCertificates(): Promise<Certificates> {
  certificates ??= (async () => {
    const { attestationObjects } = await recordedMessages();
    const { rootCertificateDer } = await trainingAttestation({ randomBytes: seededRandomBytes('training attestation') });
    const leaves = attestationObjects.flatMap((object) => {
      const statement = new CborFields(decodeCbor(object), 'object').required('attStmt', asMap);
      return (
        new CborFields(statement, 'attStmt').optional(
          'x5c',
          listOf((value, path) => asBytes(value, path)),
        ) ?? []
      );
    });
    return { leaves, root: rootCertificateDer };
  })();
  return certificates;
}

/** Whatever becomes of a certificate: it is DER or refused, and trusted for no other key than the root signed. */
export const certificate: FuzzTarget = {
  name: 'certificate',
  seeds: async () => {
    const { leaves, root } = await trainingCertificates();
    return [...leaves, root];
  },
  maxBytes: 2_048,
  slice: 1_000,
  budget: { steps: 8_000, bytes: 65_536, perByte: 100 },
  run: async (input) => {
    const items = unless([DerError], () => derItems(input)) ?? [];
    const shortest = items.reduce((sum, { content }) => sum + 1 + lengthBytesOf(content.length) + content.length, 0);
    promise(items.length === 0 || shortest === input.length, 'DER has one way to write a length');
    const read = unless([CertificateError], () => readAttestationCertificate(input));
    const { leaves, root } = await trainingCertificates();
    const trusted = verifyCertificatePath({ certificates: [input, root], anchors: [root], wallMs: WALL_MS });
    if (!trusted.ok) return;
    const genuine = [...leaves, root].map((der) => readAttestationCertificate(der));
    const isGenuine = read && genuine.some((one) => one.publicKey.equals(read.publicKey) && one.isCa === read.isCa);
    promise(isGenuine === true, 'only what the root signed is trusted');
  },
};

function lengthBytesOf(length: number): number {
  if (length < 0x80) return 1;
  return length <= 0xff ? 2 : length <= 0xffff ? 3 : 4;
}

/** A list of somebody who is not the service is never believed, whatever it holds. */
export const metadataBlob: FuzzTarget = {
  name: 'metadata-blob',
  seeds: async () => {
    const { leaves, root } = await trainingCertificates();
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = part({ no: 3, nextUpdate: '2027-02-01', entries: [{ aaguid: '00000000-0000-0000-0000-000000000001' }] });
    const x5c = [...leaves.slice(0, 1), root].map(base64);
    return [{ alg: 'ES256', x5c }, { alg: 'RS256', typ: 'JWT', x5c }, { alg: 'none' }].map((header) =>
      Uint8Array.from(Buffer.from(`${part(header)}.${payload}.${base64(new Uint8Array(64))}`)),
    );
  },
  maxBytes: 4_096,
  slice: 4_000,
  budget: { steps: 20_000, bytes: 100_000, perByte: 100 },
  run: async (input) => {
    const { root } = await trainingCertificates();
    promise(!readMetadataBlob(utf8.decode(input), { wallMs: WALL_MS, roots: [root] }).ok, 'it is not the service’s');
  },
};

/** One entry of a list that was rightly signed: read or left out, never a reason to give up the list. */
export const metadataEntry: FuzzTarget = {
  name: 'metadata-entry',
  seeds: () => {
    const entry = {
      aaguid: '00000000-0000-0000-0000-000000000001',
      statusReports: [
        { status: 'FIDO_CERTIFIED_L1', effectiveDate: '2026-01-01', authenticatorVersion: 2, certificateNumber: 'x' },
      ],
      timeOfLastStatusChange: '2026-01-01',
      metadataStatement: {
        description: 'A key',
        protocolFamily: 'fido2',
        attestationRootCertificates: ['AQID'],
        attestationTypes: ['basic_full'],
        authenticatorGetInfo: { versions: ['FIDO_2_1'], options: { rk: true }, firmwareVersion: 5 },
        keyProtection: ['hardware'],
      },
    };
    return [encodeCbor(cborOf(entry), { maxDepth: MAX_DEPTH })];
  },
  maxBytes: 2_048,
  slice: 6_000,
  budget: { steps: 4_000, bytes: 32_768, perByte: 60 },
  run: (input) => {
    const value = unless([CborError], () => decodeCbor(input, { maxDepth: MAX_DEPTH }));
    const entry = value === undefined ? null : readMetadataEntry(plainOf(value));
    promise(entry === null || /^[0-9a-f-]{36}$/.test(entry.aaguid), 'an entry is found by its AAGUID');
  },
};

/** Each answer is as long as its first byte says, and the next begins there; after the last they begin again. */
export const yubikeyDevice: FuzzTarget = {
  name: 'yubikey-device',
  seeds: () => [
    Uint8Array.from(Buffer.from('2f01023f03020400a1b2c304013105030507010602000007010f0801000d02023f0e02023f0a01000f0100', 'hex')),
    Uint8Array.of(9, 2, 4, 0, 161, 178, 195, 16, 1, 1, 6, 4, 1, 0x43, 10, 1, 1),
  ],
  maxBytes: 512,
  slice: 6_000,
  budget: { steps: 4_000, bytes: 32_768, perByte: 60 },
  run: async (input) => {
    let at = 0;
    let pages = 0;
    const transact = (): Promise<Uint8Array> => {
      pages += 1;
      promise(pages <= 8, 'no key has more pages');
      if (at >= input.length) at = 0;
      const answer = input.subarray(at, at + 1 + (input[at] ?? 0));
      at += Math.max(1, answer.length);
      return Promise.resolve(answer);
    };
    const channel = { device: { version: { major: 5, minor: 7, build: 1 } }, transact };
    const device = await readYubikeyDevice(channel, { vendorId: 0x1050 }, NEVER);
    promise(device === null || device.serial === null || Number.isSafeInteger(device.serial), 'a serial is a number');
  },
};
