import { expect, test } from 'vitest';
import type { TrustRefusal } from '../../main/fido/metadata/trust.ts';
import { reasonOfTrustRefusal } from '../../main/keyhost/trust/trust-reasons.ts';

const failure = { check: 'attestationSignature', clause: 'WebAuthn Level 3 §8.2', expected: 'right', found: 'wrong' } as const;

test.each<[TrustRefusal, string, string]>([
  [{ kind: 'denied' }, 'key.notAllowed', 'denied'],
  [{ kind: 'notAllowed' }, 'key.notAllowed', 'notAllowed'],
  [{ kind: 'revoked' }, 'key.unsafe', 'REVOKED'],
  [{ kind: 'compromised', status: 'USER_VERIFICATION_BYPASS' }, 'key.unsafe', 'USER_VERIFICATION_BYPASS'],
  [{ kind: 'notFresh', because: 'pinSet' }, 'key.notFresh', 'pinSet'],
  [{ kind: 'noMetadata', because: 'stale' }, 'desk.noMetadata', 'stale'],
  [{ kind: 'unknownModel' }, 'key.unproven', 'unknownModel'],
  [{ kind: 'cannotProve' }, 'key.unproven', 'cannotProve'],
  [{ kind: 'notProven', form: 'self' }, 'key.unproven', 'self'],
  [{ kind: 'notCertified', level: null }, 'key.notCertified', 'none'],
  [{ kind: 'notCertified', level: 'L1plus' }, 'key.notCertified', 'L1plus'],
  [{ kind: 'wrongProof', failure }, 'key.notGenuine', 'attestationSignature'],
  [{ kind: 'notGenuine', fault: 'noRoot' }, 'key.notGenuine', 'noRoot'],
])('%j is told as %s', (refusal, code, statusName) => {
  expect(reasonOfTrustRefusal(refusal, 'Test Key')).toEqual({ code, detail: { statusName, model: 'Test Key' } });
});
