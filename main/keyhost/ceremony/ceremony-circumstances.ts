import type { OperationCall } from '../../fido/key/operation.ts';
import type { Surroundings } from '../../fido/surroundings.ts';
import type { ModelKnowledge } from '../../fido/metadata/key-model.ts';
import type { SignInMemory } from './sign-in-memory.ts';
import type { StayMemory } from './stay-memory.ts';
import type { TrustGate } from '../trust/trust-gate.ts';

/** What a ceremony has beside its request and its key. */
export interface CeremonyCircumstances {
  readonly call: OperationCall;
  readonly surroundings: Surroundings;
  /** The one relying party of this host. */
  readonly rpId: string;
  readonly insertion: string;
  readonly memory: StayMemory;
  readonly signIns: SignInMemory;
  /** In front of every PIN. */
  readonly gate: TrustGate;
  /** What is known of models now. */
  readonly knowledge: () => ModelKnowledge;
}
