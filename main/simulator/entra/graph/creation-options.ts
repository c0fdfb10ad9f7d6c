// What `creationOptions` answers (Microsoft Graph: fido2authenticationmethod-creationoptions). The values are those seen
// from the service, which differ from the page's example.
import { encodeBase64url } from '../../../fido/bytes/base64url.ts';
import { encodeGraphCredentialId } from '../../../fido/bytes/graph-credential-id.ts';
import type { Passkey, User } from '../directory/directory.ts';
import type { PasskeyPolicy } from '../tenant-policy.ts';
import type { TwinCore } from '../twin-core.ts';
import { issueChallenge } from './challenge.ts';
import { graphDate } from './graph-answer.ts';

export const RP_ID = 'login.microsoft.com';
export const RP_ORIGIN = `https://${RP_ID}`;
/** ES256 and RS256 (IANA COSE Algorithms). */
export const CREDENTIAL_ALGORITHMS = [-7, -257] as const;

/** What every new passkey is asked to be, over Graph and on the pages alike. */
export const CREATION_RULES = {
  rp: { id: RP_ID, name: 'Microsoft' },
  pubKeyCredParams: CREDENTIAL_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
  timeout: 60_000,
  authenticatorSelection: { authenticatorAttachment: 'cross-platform', requireResidentKey: true, userVerification: 'required' },
  attestation: 'direct',
  extensions: {
    hmacCreateSecret: true,
    enforceCredentialProtectionPolicy: true,
    credentialProtectionPolicy: 'userVerificationOptional',
  },
} as const;

/** `challengeMinutes`: how long the challenge lives. */
export async function creationOptions(core: TwinCore, user: User, challengeMinutes: number): Promise<object> {
  const { challenge, endsAtMs } = await issueChallenge(core, user, challengeMinutes);
  const spelling = core.directory.policy.fido2.excludeIdSpelling;
  return {
    challengeTimeoutDateTime: graphDate(endsAtMs),
    publicKey: {
      ...CREATION_RULES,
      user: { id: encodeBase64url(user.userHandle), name: user.upn, displayName: user.displayName },
      challenge,
      excludeCredentials: user.passkeys.map((passkey) => ({
        type: 'public-key',
        id: spelled(passkey, spelling),
        transports: [],
      })),
    },
  };
}

function spelled(passkey: Passkey, spelling: PasskeyPolicy['excludeIdSpelling']): string {
  switch (spelling) {
    case 'base64url':
      return encodeBase64url(passkey.credentialId);
    case 'base64urlWithPaddingDigit':
      return encodeGraphCredentialId(passkey.credentialId);
    case 'base64':
      return Buffer.from(passkey.credentialId).toString('base64');
    default:
      return spelling satisfies never;
  }
}
