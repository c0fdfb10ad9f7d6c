// Nothing that holds a PIN passes before the key is trusted. The answer is for one open handle: a key that was taken out,
// or whose handle was closed, is asked again, and let on if it is one that has passed in this stay.
import { because, type Reason } from '../../../contract/reason.ts';
import { formatUuid } from '../../fido/bytes/uuid.ts';
import type { AuthenticatorInfo } from '../../fido/ctap/get-info.ts';
import type { HeldCredential } from '../../fido/key/held-credential.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { SecurityKey } from '../../fido/key/security-key.ts';
import { keyModel } from '../../fido/metadata/key-model.ts';
import {
  asksAnything,
  judgeAttestation,
  judgeModel,
  keyToTrust,
  type TrustCircumstances,
  type TrustPolicy,
} from '../../fido/metadata/trust.ts';
import type { PluggedInterface } from '../plugged/link-source.ts';
import type { CeremonyVerb } from '../protocol.ts';
import { reasonOf, reasonOfRefusal } from '../ceremony/reasons.ts';
import { StayPasses, type KnowableKey, type Recognised } from './stay-passes.ts';
import { reasonOfTrustRefusal } from './trust-reasons.ts';

/** What the gate needs of an open key. */
export interface KeyAtGate extends KnowableKey {
  readonly key: Pick<SecurityKey, 'describe' | 'attest' | 'holds'>;
  readonly plugged: PluggedInterface;
}

interface Judgement {
  readonly reason: Reason | null;
  /** What it proved itself with. */
  readonly credential: HeldCredential | null;
}

const trusted: Judgement = { reason: null, credential: null };

export class TrustGate {
  readonly #circumstances: () => TrustCircumstances;
  readonly #passes = new StayPasses();
  #passed = new WeakSet<KeyAtGate['key']>();

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
    const described = await opened.key.describe(call);
    if (described.kind === 'ctap2') {
      const known = await this.#passes.recognise(opened, described.info, call);
      const { reason, credential } = await this.#judge(opened, described.info, known, { verb, call });
      if (reason) return reason;
      if ('pass' in known) this.#passes.again(opened, known.pass);
      else await this.#passes.add(opened, { info: described.info, credential }, call);
    }
    this.#passed.add(opened.key);
    return null;
  }

  /** A credential was made on this key. */
  made(opened: KeyAtGate, credential: HeldCredential): void {
    this.#passes.learnCredential(opened, credential);
  }

  /** It is not there any more. */
  discarded(opened: KeyAtGate, credentialId: Uint8Array): void {
    this.#passes.loseCredential(opened, credentialId);
  }

  /**
   * The PIN of this key is known to be right, and is the last that will be for a while: where nothing else would prove the
   * key when it comes back, it is asked for its identity. What comes of that is no matter of the ceremony that went before.
   */
  async knowsPin(
    opened: KeyAtGate & { readonly key: Pick<SecurityKey, 'identity'> },
    pin: Uint8Array,
    verb: CeremonyVerb,
    call: OperationCall,
  ): Promise<void> {
    if (!usesUp(this.#circumstances().policy) || !this.#passes.wantsProof(opened)) return;
    try {
      const identity = await opened.key.identity(pin, call);
      if (identity.ok) this.#passes.learnIdentity(opened, identity.value);
    } catch (error) {
      const isOver = call.signal.aborted || reasonOf(error, { verb, waitedForTouch: false }) !== null;
      if (!isOver) throw error;
    }
  }

  /** The stay is over. */
  forget(): void {
    this.#passes.forget();
    this.#passed = new WeakSet();
  }

  async #judge(
    { key, plugged }: KeyAtGate,
    info: AuthenticatorInfo,
    known: Recognised,
    { verb, call }: { readonly verb: CeremonyVerb; readonly call: OperationCall },
  ): Promise<Judgement> {
    const circumstances = this.#circumstances();
    const { requireAttestation } = circumstances.policy;
    const marks = keyToTrust(info);
    const { name } = keyModel({ ...plugged, ...marks }, circumstances);
    // What was done to it here is no sign of use, and no reason to ask for a proof that was given.
    const isBack = known.by === 'proof' || known.by === 'serial';
    const model = judgeModel(
      {
        ...marks,
        ...(isBack && { signsOfUse: [] }),
        ...(known.by === 'proof' && { canAttestBeforePin: true }),
      },
      circumstances,
    );
    if (!model.trusted) {
      const { kind } = model.refusal;
      const mayBeBack = known.by === 'nameless' && (kind === 'notFresh' || kind === 'cannotProve');
      return untrusted(mayBeBack ? because('key.notRecognised', { model: name }) : reasonOfTrustRefusal(model.refusal, name));
    }
    if (!requireAttestation || known.by === 'proof') return trusted;
    const attested = await key.attest(call);
    if (!attested.ok) {
      const isUnable = attested.refusal.kind === 'attestationNeedsPin';
      return untrusted(isUnable ? reasonOfTrustRefusal({ kind: 'cannotProve' }, name) : reasonOfRefusal(attested.refusal, verb));
    }
    const { aaguid, attestation, credential } = attested.value;
    const proof = judgeAttestation({ aaguid: formatUuid(aaguid) }, attestation, circumstances);
    return proof.trusted ? { reason: null, credential } : untrusted(reasonOfTrustRefusal(proof.refusal, name));
  }
}

/** Whether setting a key up takes away what it was let on for. */
const usesUp = ({ freshKeysOnly, requireAttestation }: TrustPolicy): boolean => freshKeysOnly || requireAttestation;

const untrusted = (reason: Reason): Judgement => ({ reason, credential: null });
