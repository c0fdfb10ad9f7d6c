// Nothing that holds a PIN passes before the key is trusted. The answer is for one open handle: a key that was taken out,
// or whose handle was closed, is asked again.
import type { Reason } from '../../../contract/reason.ts';
import { formatUuid } from '../../fido/bytes/uuid.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { SecurityKey } from '../../fido/key/security-key.ts';
import { keyModel } from '../../fido/metadata/key-model.ts';
import { asksAnything, judgeAttestation, judgeModel, keyToTrust, type TrustCircumstances } from '../../fido/metadata/trust.ts';
import type { PluggedInterface } from '../plugged/link-source.ts';
import type { CeremonyVerb } from '../protocol.ts';
import { reasonOfRefusal } from '../ceremony/reasons.ts';
import { reasonOfTrustRefusal } from './trust-reasons.ts';

/** What the gate needs of an open key. */
export interface KeyAtGate {
  readonly key: Pick<SecurityKey, 'describe' | 'attest'>;
  readonly plugged: PluggedInterface;
}

export class TrustGate {
  readonly #circumstances: () => TrustCircumstances;
  readonly #passed = new WeakSet<KeyAtGate['key']>();

  /** `circumstances`: the desk's policy and metadata as they are now. */
  constructor(circumstances: () => TrustCircumstances) {
    this.#circumstances = circumstances;
  }

  /**
   * Null when the key may have the PIN that `verb` brings, else why not. Wants a touch where the policy asks for proof. A key
   * that speaks no CTAP2 passes: it takes no PIN. Sends no PIN itself; errors as SecurityKey's operations.
   */
  async reasonAgainst(opened: KeyAtGate, verb: CeremonyVerb, call: OperationCall): Promise<Reason | null> {
    if (this.#passed.has(opened.key) || !asksAnything(this.#circumstances())) return null;
    const reason = await this.#judge(opened, verb, call);
    if (reason === null) this.#passed.add(opened.key);
    return reason;
  }

  async #judge({ key, plugged }: KeyAtGate, verb: CeremonyVerb, call: OperationCall): Promise<Reason | null> {
    const described = await key.describe(call);
    if (described.kind === 'u2f') return null;
    const circumstances = this.#circumstances();
    const marks = keyToTrust(described.info);
    const { name } = keyModel({ ...plugged, ...marks }, circumstances);
    const model = judgeModel(marks, circumstances);
    if (!model.trusted) return reasonOfTrustRefusal(model.refusal, name);
    if (!circumstances.policy.requireAttestation) return null;
    const attested = await key.attest(call);
    if (!attested.ok) {
      return attested.refusal.kind === 'attestationNeedsPin'
        ? reasonOfTrustRefusal({ kind: 'cannotProve' }, name)
        : reasonOfRefusal(attested.refusal, verb);
    }
    const { aaguid, attestation } = attested.value;
    const proof = judgeAttestation({ aaguid: formatUuid(aaguid) }, attestation, circumstances);
    return proof.trusted ? null : reasonOfTrustRefusal(proof.refusal, name);
  }
}
