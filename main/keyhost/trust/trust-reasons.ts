// From the protocol room's "not trusted" to the reason a person is given.
import { because, type Reason, type ReasonCode } from '../../../contract/reason.ts';
import type { TrustRefusal } from '../../fido/metadata/trust.ts';

/** `model`: its name, to be shown. The refusal's own particulars go to the technician as `statusName`. */
export function reasonOfTrustRefusal(refusal: TrustRefusal, model: string): Reason {
  const [code, statusName] = told(refusal);
  return because(code, { statusName, model });
}

function told(refusal: TrustRefusal): readonly [ReasonCode, string] {
  switch (refusal.kind) {
    case 'denied':
    case 'notAllowed':
      return ['key.notAllowed', refusal.kind];
    case 'revoked':
      return ['key.unsafe', 'REVOKED'];
    case 'compromised':
      return ['key.unsafe', refusal.status];
    case 'notFresh':
      return ['key.notFresh', refusal.because];
    case 'noMetadata':
      return ['desk.noMetadata', refusal.because];
    case 'unknownModel':
    case 'cannotProve':
      return ['key.unproven', refusal.kind];
    case 'notProven':
      return ['key.unproven', refusal.form];
    case 'notCertified':
      return ['key.notCertified', refusal.level ?? 'none'];
    case 'wrongProof':
      return ['key.notGenuine', refusal.failure.check];
    case 'notGenuine':
      return ['key.notGenuine', refusal.fault];
    default:
      return refusal satisfies never;
  }
}
