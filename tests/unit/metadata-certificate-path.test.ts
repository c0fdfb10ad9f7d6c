// Where certificates lead. Every path here is made by an independent library.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyCertificatePath, type PathVerdict } from '../../main/fido/metadata/certificate-path.ts';
import { NOW_MS, certify, type Certified, type CertifiedShape } from '../support/metadata-maker.ts';

const DAY_MS = 86_400_000;
const CA = (name: string, shape: Partial<CertifiedShape> = {}) => certify({ subject: `CN=${name}`, ca: true, ...shape });

let root: Certified;
let middle: Certified;
let leaf: Certified;
beforeAll(async () => {
  root = await CA('Root');
  middle = await CA('Middle', { issuer: root });
  leaf = await certify({ subject: 'CN=Leaf', issuer: middle });
});

const judge = (chain: readonly Certified[], anchors: readonly Certified[], wallMs = NOW_MS): PathVerdict =>
  verifyCertificatePath({ certificates: chain.map(({ der }) => der), anchors: anchors.map(({ der }) => der), wallMs });
const holds = { ok: true };
const fault = (name: string) => ({ ok: false, fault: name });

describe('a path holds', () => {
  test('with and without the root in it', () => {
    expect(judge([leaf, middle, root], [root])).toEqual(holds);
    expect(judge([leaf, middle], [root])).toEqual(holds);
  });

  test('when it ends at an issuer that is trusted itself, or is trusted itself', () => {
    expect(judge([leaf], [middle])).toEqual(holds);
    expect(judge([leaf], [leaf])).toEqual(holds);
    expect(judge([leaf, middle], [middle])).toEqual(holds);
  });

  test('through a cross-signed root, whichever of the two roots is trusted', async () => {
    const fresh = await CA('Fresh');
    const crossed = await CA('Fresh', { issuer: root, keys: fresh.keys });
    const below = await CA('Below', { issuer: fresh });
    const end = await certify({ subject: 'CN=End', issuer: below });
    expect(judge([end, below, crossed], [fresh])).toEqual(holds);
    expect(judge([end, below, crossed], [root])).toEqual(holds);
    expect(judge([end, below, crossed], [middle])).toEqual(fault('noRoot'));
  });
});

describe('a path does not hold', () => {
  test('without anybody trusted in it', async () => {
    const stranger = await CA('Root'); // the same name, another key
    expect(judge([leaf, middle, root], [])).toEqual(fault('noRoot'));
    expect(judge([leaf, middle, root], [stranger])).toEqual(fault('noRoot'));
    expect(judge([], [root])).toEqual(fault('noRoot'));
  });

  test('when a certificate is missing, or another is in its place', async () => {
    const other = await CA('Other', { issuer: root });
    expect(judge([leaf, root], [root])).toEqual(fault('broken'));
    expect(judge([leaf, other, root], [root])).toEqual(fault('broken'));
  });

  test('when an issuer has its name only', async () => {
    const thief = await CA('Middle', { issuer: root });
    const forged = await certify({ subject: 'CN=Leaf', issuer: { keys: thief.keys, subject: 'CN=Middle' } });
    expect(judge([forged, middle], [root])).toEqual(fault('broken'));
  });

  test('when a leaf issues another leaf', async () => {
    const below = await certify({ subject: 'CN=Below', issuer: leaf });
    expect(judge([below, leaf, middle], [root])).toEqual(fault('notCa'));
    expect(judge([below], [leaf])).toEqual(fault('notCa'));
  });

  test('when an issuer allows fewer below it', async () => {
    const narrow = await CA('Narrow', { issuer: root, pathLength: 0 });
    const deeper = await CA('Deeper', { issuer: narrow });
    const end = await certify({ subject: 'CN=End', issuer: deeper });
    const near = await certify({ subject: 'CN=Near', issuer: narrow });
    expect(judge([near, narrow], [root])).toEqual(holds);
    expect(judge([end, deeper, narrow], [root])).toEqual(fault('tooLong'));
    expect(judge([end, deeper], [narrow])).toEqual(fault('tooLong'));
  });

  test('outside its days, whichever certificate is outside', async () => {
    const old = await CA('Old', { issuer: root, notAfter: new Date(NOW_MS - DAY_MS) });
    const end = await certify({ subject: 'CN=End', issuer: old });
    expect(judge([end, old], [root])).toEqual(fault('expired'));
    expect(judge([end], [old])).toEqual(fault('expired'));
    expect(judge([end, old], [root], NOW_MS - 2 * DAY_MS)).toEqual(holds);
    expect(judge([leaf, middle], [root], Date.UTC(2020, 0, 1))).toEqual(fault('notYetValid'));
    expect(judge([leaf, middle], [root], Date.UTC(2035, 0, 1))).toEqual(fault('expired'));
  });

  test('when a certificate demands something nobody here understands', async () => {
    const strange = new x509.Extension('1.2.3.4.5', true, Uint8Array.of(0x05, 0x00));
    const harmless = new x509.Extension('1.2.3.4.5', false, Uint8Array.of(0x05, 0x00));
    const odd = await certify({ subject: 'CN=Odd', issuer: middle, extensions: [strange] });
    const even = await certify({ subject: 'CN=Even', issuer: middle, extensions: [harmless] });
    expect(judge([odd, middle], [root])).toEqual(fault('unknownExtension'));
    expect(judge([even, middle], [root])).toEqual(holds);
  });

  test('when there are more certificates than any path has, or something that is none', () => {
    expect(
      judge(
        Array.from({ length: 9 }, () => leaf),
        [root],
      ),
    ).toEqual(fault('tooMany'));
    const broken = { certificates: [leaf.der, Uint8Array.of(1, 2, 3)], anchors: [root.der], wallMs: NOW_MS };
    expect(verifyCertificatePath(broken)).toEqual(fault('unreadable'));
  });

  test('a trusted certificate that can not be read is no reason to trust', () => {
    const odd = { certificates: [leaf.der, middle.der], anchors: [Uint8Array.of(1), root.der], wallMs: NOW_MS };
    expect(verifyCertificatePath(odd)).toEqual(holds);
    expect(verifyCertificatePath({ ...odd, anchors: [Uint8Array.of(1)] })).toEqual(fault('noRoot'));
  });
});
