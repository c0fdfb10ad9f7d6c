// Which keys get a PIN at this desk.
import { z } from 'zod';
import type { CertificationLevel } from '../../../ports/settings.ts';
import { flag, httpsAddress, wholeNumber, wholePath } from './schema-parts.ts';

const certificationLevels = [
  'certified',
  'L1',
  'L1plus',
  'L2',
  'L2plus',
  'L3',
  'L3plus',
] as const satisfies readonly CertificationLevel[];

/** Lists and tools write AAGUIDs in either case. */
const keyModels = z
  .array(z.guid('must be an AAGUID like 2fc0579f-8113-47ea-b116-bb5a8db9202a.').toLowerCase(), 'must be a list of AAGUIDs.')
  .max(500, 'must be at most 500 AAGUIDs.')
  .default([]);

export const trustMembers = {
  allowedKeyModels: keyModels,
  refusedKeyModels: keyModels,
  requireAttestation: flag.default(false),
  requireMetadata: flag.default(false),
  leastCertification: z
    .enum(certificationLevels, `must be null or one of ${certificationLevels.join(', ')}.`)
    .nullable()
    .default(null),
  freshKeysOnly: flag.default(false),
  metadataFile: wholePath.nullable().default(null),
  metadataUrl: httpsAddress('must be null or an address.').nullable().default(null),
  metadataGraceDays: wholeNumber(' of days', 0, 3650).default(90),
};
