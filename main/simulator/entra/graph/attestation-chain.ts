// Whether an attestation certificate chain ends at a trusted root. Done here with Node's own X.509, because the WebAuthn
// library checks a chain only against process-wide roots and says yes when it has none.
// Source: RFC 5280 §6.1, reduced to what attestation chains use; WebAuthn Level 3 §7.1 step 24.
import { X509Certificate } from 'node:crypto';

const MAX_CHAIN_LENGTH = 6;

/** `x5c`: DER, leaf first. Every link is signed by the next, all are valid at `wallMs`, all above the leaf are CAs. */
export function chainsToTrustedRoot(x5c: readonly Uint8Array[], trustedRoots: readonly Uint8Array[], wallMs: number): boolean {
  if (x5c.length === 0 || x5c.length > MAX_CHAIN_LENGTH) return false;
  const chain = parseAll(x5c);
  const roots = parseAll(trustedRoots);
  if (!chain || !roots) return false;
  if (!chain.every((certificate) => validAt(certificate, wallMs))) return false;
  for (const [index, certificate] of chain.entries()) {
    // A root that stands in the chain itself, or one that signed this link.
    if (roots.some((root) => validAt(root, wallMs) && (sameCertificate(root, certificate) || issuedBy(certificate, root))))
      return true;
    const issuer = chain[index + 1];
    if (!issuer || !issuedBy(certificate, issuer)) return false;
  }
  return false;
}

function parseAll(certificates: readonly Uint8Array[]): readonly X509Certificate[] | null {
  try {
    return certificates.map((der) => new X509Certificate(der));
  } catch {
    return null; // bytes that are no certificate chain to nothing
  }
}

function issuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function sameCertificate(one: X509Certificate, other: X509Certificate): boolean {
  return one.raw.equals(other.raw);
}

function validAt(certificate: X509Certificate, wallMs: number): boolean {
  return Date.parse(certificate.validFrom) <= wallMs && wallMs <= Date.parse(certificate.validTo);
}
