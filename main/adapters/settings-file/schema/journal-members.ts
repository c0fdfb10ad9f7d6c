// The journal: what of a person is written, how long it is kept, and where it is told that it was.
import { z } from 'zod';
import type { PersonalDataRule } from '../../../ports/journal.ts';
import { hostName, httpsAddress, wholeNumber, wholePath } from './schema-parts.ts';

const personalDataRules = ['none', 'pseudonymous', 'full'] as const satisfies readonly PersonalDataRule[];

export const journalMembers = {
  journalPersonalData: z.enum(personalDataRules, `must be one of ${personalDataRules.join(', ')}.`).default('pseudonymous'),
  journalFileMib: wholeNumber(' of MiB', 1, 256).default(16),
  journalFileDays: wholeNumber(' of days', 1, 366).default(30),
  journalKeepDays: wholeNumber(' of days', 30, 3660).nullable().default(400),
  journalHeadFile: wholePath.nullable().default(null),
  syslogHost: hostName.nullable().default(null),
  syslogPort: wholeNumber('', 1, 65_535).default(6514),
  otlpUrl: httpsAddress('must be null or an address.').nullable().default(null),
  anchorCa: wholePath.nullable().default(null),
  anchorEveryEntries: wholeNumber(' of entries', 1, 10_000).default(100),
  anchorEveryMinutes: wholeNumber(' of minutes', 1, 1440).default(15),
};
