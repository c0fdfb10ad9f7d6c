// What the guest and the outside agree on: the files they share, and the certificates both can make for themselves.
import { trainingAttestation, type TrainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

/** In the shared folder. */
export const guestFiles = {
  /** CreationOptions, from the twin outside. */
  options: 'options.json',
  /** MadeCredential, from the key host inside. */
  made: 'made.json',
} as const;

/** The same root key and name on both sides: made from one seed, so nothing secret has to travel. */
export function guestAttestation(): Promise<TrainingAttestation> {
  return trainingAttestation({ randomBytes: seededRandomBytes('attestation of the guest') });
}
