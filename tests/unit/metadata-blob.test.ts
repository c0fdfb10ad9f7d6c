// The metadata service's signed list: what is believed, what is not, and why. Judged by SimpleWebAuthn where it can.
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { SettingsService } from '@simplewebauthn/server';
import { verifyMDSBlob } from '@simplewebauthn/server/helpers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { fidoMetadataRoots } from '../../main/fido/metadata/fido-metadata-roots.ts';
import { readMetadataEntry } from '../../main/fido/metadata/metadata-entry.ts';
import { readMetadataBlob, type BlobVerdict } from '../../main/fido/metadata/metadata-blob.ts';
import { NOW_MS, entryOf, makeMetadataService, signBlob, type MetadataService } from '../support/metadata-maker.ts';

const AAGUID = 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf';
const DAY_MS = 86_400_000;

let service: MetadataService;
beforeAll(async () => {
  service = await makeMetadataService();
});

const read = (text: string, roots = [service.root.der], wallMs = NOW_MS): BlobVerdict =>
  readMetadataBlob(text, { wallMs, roots });
const faultOf = (verdict: BlobVerdict): unknown => (verdict.ok ? 'believed' : verdict.fault);

describe('the roots', () => {
  test('are the certificates they are named after, by fingerprint', () => {
    for (const { name, fingerprint256, der } of fidoMetadataRoots) {
      const certificate = new X509Certificate(der);
      expect(certificate.fingerprint256, name).toBe(fingerprint256);
      expect(certificate.subject.replaceAll('\n', ', '), name).toContain(name);
      expect(certificate.ca, name).toBe(true);
    }
  });

  test('are the ones that Node and SimpleWebAuthn ship', () => {
    const shipped = rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256);
    const judged = SettingsService.getRootCertificates({ identifier: 'mds' }).map(
      (pem) => new X509Certificate(pem).fingerprint256,
    );
    const ours = fidoMetadataRoots.map(({ fingerprint256 }) => fingerprint256);
    expect(ours.toSorted()).toEqual(judged.toSorted());
    expect(ours.filter((fingerprint) => !shipped.includes(fingerprint))).toEqual([]);
  });

  test('a list signed under any other root is not believed', async () => {
    expect(faultOf(readMetadataBlob(await signBlob(service), { wallMs: NOW_MS }))).toEqual({ kind: 'path', fault: 'noRoot' });
  });
});

describe('a list that is rightly signed', () => {
  test.each(['rsa', 'ec'] as const)('is read: %s', async (algorithm) => {
    const other = await makeMetadataService({ algorithm });
    const text = await signBlob(other, { no: 42, nextUpdate: '2026-12-24', entries: [entryOf({ aaguid: AAGUID })] });
    const verdict = read(`\n${text}\n`, [other.root.der]);
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.fault));
    expect(verdict.blob.no).toBe(42);
    expect(verdict.blob.nextUpdateMs).toBe(Date.UTC(2026, 11, 24));
    expect([...verdict.blob.entries.keys()]).toEqual([AAGUID]);
  });

  test('SimpleWebAuthn reads the same list with the same root', async () => {
    const pem = new X509Certificate(service.root.der).toString();
    const before = SettingsService.getRootCertificates({ identifier: 'mds' });
    SettingsService.setRootCertificates({ identifier: 'mds', certificates: [pem] });
    try {
      const text = await signBlob(service, { entries: [entryOf({ aaguid: AAGUID, description: 'Judged Key' })] });
      const { statements, parsedNextUpdate } = await verifyMDSBlob(text);
      expect(statements.map(({ aaguid, description }) => ({ aaguid, description }))).toEqual([
        { aaguid: AAGUID, description: 'Judged Key' },
      ]);
      const verdict = read(text);
      expect(verdict.ok && [...verdict.blob.entries.values()].map(({ description }) => description)).toEqual(['Judged Key']);
      expect(parsedNextUpdate.getDate()).toBe(1);
    } finally {
      SettingsService.setRootCertificates({ identifier: 'mds', certificates: before });
    }
  });
});

describe('a list that is not believed', () => {
  test('because one byte of it was changed', async () => {
    const [header = '', payload = '', signature = ''] = (await signBlob(service, { no: 7 })).split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace('"no":7', '"no":8');
    const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    expect(faultOf(read(forged))).toEqual({ kind: 'signature' });
  });

  test('because somebody else under the same root signed it', async () => {
    const other = await makeMetadataService({ subject: 'C=US, O=Shop, CN=shop.example', hosts: ['shop.example'] });
    expect(faultOf(read(await signBlob(other), [other.root.der]))).toEqual({ kind: 'signer' });
    const wild = await makeMetadataService({ hosts: ['*.fidoalliance.org'] });
    expect(faultOf(read(await signBlob(wild), [wild.root.der]))).toEqual({ kind: 'signer' });
  });

  test.each([
    ['has run out', { notAfter: new Date(NOW_MS - DAY_MS) }, 'expired'],
    ['is not valid yet', { notBefore: new Date(NOW_MS + DAY_MS) }, 'notYetValid'],
  ] as const)("because the signer's certificate %s", async (_what, shape, fault) => {
    const other = await makeMetadataService(shape);
    expect(faultOf(read(await signBlob(other), [other.root.der]))).toEqual({ kind: 'path', fault });
  });

  test('because its signature is of a kind that proves nothing', async () => {
    const text = await signBlob(service);
    const [, payload = ''] = text.split('.');
    const withHeader = (header: object): string =>
      [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, ''].join('.');
    const x5c = [Buffer.from(service.signer.der).toString('base64'), Buffer.from(service.issuer.der).toString('base64')];
    expect(faultOf(read(withHeader({ alg: 'none', x5c })))).toEqual({ kind: 'algorithm', algorithm: 'none' });
    expect(faultOf(read(withHeader({ alg: 'HS256', x5c })))).toEqual({ kind: 'algorithm', algorithm: 'HS256' });
    // Says elliptic curve, has an RSA certificate.
    expect(faultOf(read(withHeader({ alg: 'ES256', x5c })))).toEqual({ kind: 'algorithm', algorithm: 'ES256' });
    expect(faultOf(read(withHeader({ alg: 'RS256', x5c, crit: ['b64'] })))).toEqual({ kind: 'algorithm', algorithm: 'RS256' });
    expect(faultOf(read(withHeader({ alg: 'RS256', x5c })))).toEqual({ kind: 'signature' });
    expect(faultOf(read(withHeader({ alg: 'RS256', x5c: [] })))).toEqual({ kind: 'notSigned' });
  });

  test.each(['', 'a page of a hotel', '<!doctype html>', 'a.b', 'a.b.c.d', '{}.{}.{}'])(
    'because it is no such list: %j',
    (text) => {
      expect(faultOf(read(text))).toEqual({ kind: 'notSigned' });
    },
  );

  test.each([
    ['a number', { no: 'seven' }],
    ['a number that counts', { no: -1 }],
    ['a date', { nextUpdate: 'soon' }],
    ['entries', { entries: 'none' }],
  ])('because it lacks %s', async (_what, payload) => {
    expect(faultOf(read(await signBlob(service, payload)))).toEqual({ kind: 'content' });
  });

  test('because a certificate in it is none', async () => {
    const chain = [service.signer.der, Uint8Array.of(0x30, 0x03, 0x01)];
    expect(faultOf(read(await signBlob(service, {}, { chain })))).toEqual({ kind: 'path', fault: 'unreadable' });
  });
});

describe('entries are read tolerantly', () => {
  test('nothing that JSON can say makes reading stumble', () => {
    const entry = fc.record(
      { aaguid: fc.constantFrom(AAGUID, 7, null), metadataStatement: fc.jsonValue(), statusReports: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), entry), (value) => {
        const model = readMetadataEntry(value);
        expect(model === null || model.aaguid === AAGUID).toBe(true);
      }),
    );
  });

  test('what is not of its type counts as not said, and what is no FIDO2 model is left out', async () => {
    const odd = {
      aaguid: AAGUID.toUpperCase(),
      metadataStatement: {
        description: 12,
        attestationRootCertificates: ['not base64!', ` ${Buffer.from(service.root.der).toString('base64').slice(0, 40)}\n`, 7],
        attestationTypes: 'basic_full',
        authenticatorVersion: 'one',
      },
      statusReports: ['REVOKED', { effectiveDate: '2026-01-01' }, { status: 'SOMETHING_NEW', effectiveDate: 'a Tuesday' }],
    };
    const entries = [
      null,
      'text',
      { aaid: '4e4e#4005' },
      { aaguid: 'none' },
      { aaguid: `${AAGUID}0` },
      odd,
      { aaguid: AAGUID.replace('a0', 'b0') },
    ];
    const verdict = read(await signBlob(service, { entries }));
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.fault));
    expect([...verdict.blob.entries.keys()]).toEqual([AAGUID, AAGUID.replace('a0', 'b0')]);
    expect(verdict.blob.entries.get(AAGUID)).toEqual({
      aaguid: AAGUID,
      description: null,
      attestationRoots: [service.root.der.slice(0, 30)],
      attestationTypes: [],
      transports: [],
      authenticatorVersion: null,
      reports: [{ status: 'SOMETHING_NEW', effectiveMs: null, authenticatorVersion: null }],
    });
  });
});
