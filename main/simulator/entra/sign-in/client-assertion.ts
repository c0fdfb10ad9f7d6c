// A confidential client proves itself with a JWT it signed (Microsoft identity platform: "Certificate credentials"; RFC 7523).
import { createHash, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { TwinCore } from '../twin-core.ts';
import type { AadstsName } from './aadsts.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Null when the assertion is signed with a certificate of the application, for this token endpoint and in its time. The
 * header names the certificate by `x5t#S256` (SHA-256) or, as older clients do, by `x5t` (SHA-1).
 */
export async function checkClientAssertion(core: TwinCore, clientId: string, assertion: string): Promise<AadstsName | null> {
  try {
    const header = decodeProtectedHeader(assertion);
    const certificate = core.certificatesOf(clientId).find((der) => names(header['x5t#S256'], header.x5t, der));
    if (!certificate) return 'assertionSignature';
    const { tenantId } = core.tenant;
    const root = `https://login.microsoftonline.com/${tenantId}`;
    await jwtVerify(assertion, new X509Certificate(certificate).publicKey, {
      algorithms: ['PS256', 'RS256'],
      issuer: clientId,
      subject: clientId,
      audience: [`${root}/oauth2/v2.0/token`, `${root}/v2.0`],
      currentDate: new Date(core.time.wallMs()),
      clockTolerance: 300,
      requiredClaims: ['exp', 'jti'],
    });
    return null;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'assertionTime';
    if (error instanceof errors.JWTClaimValidationFailed)
      return error.claim === 'aud' ? 'assertionAudience' : error.claim === 'nbf' ? 'assertionTime' : 'assertionSignature';
    // jose's own errors and a header that is not JSON: no assertion of ours.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return 'assertionSignature';
    throw error;
  }
}

function names(sha256: unknown, sha1: unknown, der: Uint8Array): boolean {
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(der).digest('base64url');
  return typeof sha256 === 'string' ? sha256 === thumbprint('sha256') : sha1 === thumbprint('sha1');
}
