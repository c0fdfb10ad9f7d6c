// Everything that reads what others sent.
import type { FuzzTarget } from '../engine/fuzzer.ts';
import { assertionAnswer, clientPinAnswer, infoAnswer, madeAnswer } from './answers.ts';
import { cborRepaired, cborStrict, cborTolerant, coseKey } from './bytes.ts';
import { certificate, metadataBlob, metadataEntry, yubikeyDevice } from './certificates.ts';
import { hidChannel, hidFrames } from './hid.ts';
import { keyHostAnswers, keyHostRequests } from './key-host.ts';
import { wholeKey } from './whole-key.ts';
import { attestationObject, authenticatorDataBytes } from './webauthn.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  hidFrames,
  hidChannel,
  cborTolerant,
  cborStrict,
  cborRepaired,
  coseKey,
  infoAnswer,
  madeAnswer,
  assertionAnswer,
  clientPinAnswer,
  authenticatorDataBytes,
  attestationObject,
  certificate,
  metadataBlob,
  metadataEntry,
  yubikeyDevice,
  wholeKey,
  keyHostRequests,
  keyHostAnswers,
];
