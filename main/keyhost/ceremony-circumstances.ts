import type { OperationCall } from '../fido/key/operation.ts';
import type { Surroundings } from '../fido/surroundings.ts';
import type { StayMemory } from './stay-memory.ts';

/** What a ceremony has beside its request and its key. */
export interface CeremonyCircumstances {
  readonly call: OperationCall;
  readonly surroundings: Surroundings;
  /** The one relying party of this host. */
  readonly rpId: string;
  readonly insertion: string;
  readonly memory: StayMemory;
}
