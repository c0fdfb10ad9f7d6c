// Every reason for which the twin refuses a passkey. Graph words none of them in public, so each becomes the same
// `badRequest` with a sentence of our own; the stage keeps the reason itself.

export const registrationRefusals = {
  bodyUnreadable: 'The request body is not JSON.',
  memberMissing: 'The request body must contain an entity with displayName and publicKeyCredential.',
  odataTypeMember:
    'The request body must contain an entity with displayName and publicKeyCredential; type annotations are not expected.',
  extraMember: 'The request body contains a member that is not expected.',
  displayNameLength: 'The display name is too short or too long.',
  credentialIdEncoding: 'The credential id is not base64url.',
  clientDataEncoding: 'The client data is not base64url.',
  attestationEncoding: 'The attestation object is not base64url.',
  clientDataUnreadable: 'The client data is not what a WebAuthn client writes.',
  clientDataType: 'The client data is not of the type webauthn.create.',
  origin: 'The client data names another origin.',
  challengeUnknown: 'The challenge was not issued by this service.',
  challengeExpired: 'The challenge has expired.',
  challengeOfOther: 'The challenge was issued for another user.',
  challengeUsed: 'The challenge was already used.',
  attestationUnreadable: 'The attestation object or its authenticator data is malformed.',
  rpIdHash: 'The authenticator data is for another relying party.',
  userPresence: 'The authenticator data lacks user presence.',
  userVerification: 'The authenticator data lacks user verification.',
  attestedCredentialData: 'The authenticator data holds no credential.',
  algorithm: 'The algorithm of the credential is not among those asked for.',
  credentialIdMismatch: 'The credential id differs from the one in the authenticator data.',
  duplicate: 'The credential is already registered.',
  aaguid: 'The key restrictions of the policy do not allow this AAGUID.',
  passkeyType: 'The policy does not allow this kind of passkey for the user.',
  outOfScope: 'The policy does not allow passkeys for the user.',
  attestationFormat: 'The attestation format is not supported.',
  attestationMissing: 'The policy enforces attestation and the credential carries none from a manufacturer.',
  attestationChain: 'The attestation does not lead to a manufacturer that is known.',
  attestationInvalid: 'The attestation is not valid.',
  tooMany: 'The user has the largest number of passkeys already.',
} as const;

export type RegistrationRefusal = keyof typeof registrationRefusals;
