// The twin's own certificate authority, made anew for every run and trusted by nobody who was not told to: its private key
// signs one certificate for all the host names and is then forgotten.

import 'reflect-metadata';
import { X509Certificate, createHash, createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = /** @type {const} */ ({ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' });
const dayMs = 24 * 60 * 60_000;

/**
 * @typedef {object} ServerCertificates
 * @property {string} authorityPem what clients trust
 * @property {string} chainPem the server's certificate
 * @property {string} keyPem the server's private key, PKCS #8
 * @property {string} publicKeyHash SHA-256 of the server's public key (SubjectPublicKeyInfo), base64: what Chromium's
 *   `--ignore-certificate-errors-spki-list` takes
 */

/**
 * @param {readonly string[]} hosts names the server answers on
 * @param {number} nowMs epoch milliseconds; the certificates are valid from a day before for a month
 * @returns {Promise<ServerCertificates>}
 */
export async function serverCertificates(hosts, nowMs) {
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [authorityKeys, serverKeys] = await Promise.all([newKeys(), newKeys()]);
  const validity = { notBefore: new Date(nowMs - dayMs), notAfter: new Date(nowMs + 30 * dayMs) };
  const issuer = 'CN=Firstkey training twin';
  const authority = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: issuer,
    issuer,
    ...validity,
    publicKey: authorityKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=Firstkey training twin server',
    issuer,
    ...validity,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns', value }))),
    ],
  });
  const chainPem = server.toString('pem');
  const publicKey = createPublicKey(new X509Certificate(chainPem).publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    authorityPem: authority.toString('pem'),
    chainPem,
    keyPem: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey)),
    publicKeyHash: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
  };
}

/** A positive number of 128 bits, hex. @returns {string} */
function serialNumber() {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

/** @param {string} label @param {ArrayBuffer} der @returns {string} */
function pem(label, der) {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
