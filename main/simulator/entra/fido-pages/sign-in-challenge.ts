// The challenge of a sign-in by security key: `O.` and a signed token with an end, as it has been seen from the service; its
// text, not its claims, is what the browser hands to the key. One thing is stricter here than there: a challenge belongs to
// the sign-in it was made for, so that an assertion can't be played again in another.
import { SignJWT, errors, jwtVerify } from 'jose';
import type { TwinCore } from '../twin-core.ts';

const PREFIX = 'O.';
const AUDIENCE = 'urn:microsoft:fido:challenge';
const ISSUER = 'https://login.microsoft.com';
const LIFETIME_SECONDS = 5 * 60;

/** `id`: the sign-in's own name for this try. */
export async function issueSignInChallenge(core: TwinCore, id: string): Promise<string> {
  const nowSeconds = Math.floor(core.time.wallMs() / 1000);
  const { kid, privateKey } = core.keys.signing;
  const token = await new SignJWT({ jti: id, iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + LIFETIME_SECONDS })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid })
    .setAudience(AUDIENCE)
    .setIssuer(ISSUER)
    .sign(privateKey);
  return `${PREFIX}${token}`;
}

/** Whether `challenge` is one that was issued for `id` and still counts. */
export async function judgeSignInChallenge(core: TwinCore, challenge: string, id: string): Promise<'good' | 'wrong' | 'expired'> {
  if (!challenge.startsWith(PREFIX)) return 'wrong';
  try {
    const { payload } = await jwtVerify(challenge.slice(PREFIX.length), core.keys.signing.publicKey, {
      audience: AUDIENCE,
      issuer: ISSUER,
      algorithms: ['RS256'],
      currentDate: new Date(core.time.wallMs()),
    });
    return payload.jti === id ? 'good' : 'wrong';
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JOSEError) return 'wrong';
    throw error;
  }
}
