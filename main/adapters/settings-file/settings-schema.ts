// Every setting with its bounds and its default. Facts about Microsoft's service that can't be verified without a live
// tenant are settings too, so that a desk can be corrected without a new release.
import path from 'node:path';
import { z } from 'zod';
import { clouds, type Cloud } from '../../../contract/clouds.ts';
import type { RegistrationRoute, World } from '../../../contract/snapshot.ts';
import type { CertificationLevel, Settings } from '../../ports/settings.ts';

const minute = 60_000;

/** The twin's tenant and the desk's registration in it; they exist nowhere else. */
const trainingTenantId = '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73';
const trainingClientId = '0c7be1d4-93a2-4f58-8e6d-51a4c9f2b730';

const cloudNames = ['global', 'usGovL4', 'usGovL5', 'china'] as const satisfies readonly Cloud[];
const worlds = ['training', 'rehearsal', 'field'] as const satisfies readonly World[];

const routes = ['self', 'portal', 'technician', 'station'] as const satisfies readonly RegistrationRoute[];

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === 'https:';

const guid = z.guid('must be an id like 11111111-2222-3333-4444-555555555555.');
const flag = z.boolean('must be true or false.');
const hostName = z
  .string('must be a host name.')
  .regex(
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a host name in lower case, without https:// and without a path.',
  );
const wholePath = z
  .string('must be null or a path.')
  .refine((file) => path.isAbsolute(file), 'must be a whole path, from the root or the drive on.');
const duration = (leastMs: number, mostMs: number) => {
  const message = `must be a whole number of milliseconds from ${leastMs} to ${mostMs}.`;
  return z.int(message).min(leastMs, message).max(mostMs, message);
};
const pinLength = 'must be a whole number from 4 to 63.';

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
const wholeDays = 'must be a whole number of days from 0 to 3650.';

const document = z.strictObject(
  {
    world: z.enum(worlds, `must be one of ${worlds.join(', ')}.`).default('training'),
    contact: z
      .string('must be a text.')
      .trim()
      .min(1, 'must not be empty.')
      .max(120, 'must be at most 120 characters.')
      .default('the IT service desk'),
    litPorts: flag.default(false),
    idleMs: duration(minute, 15 * minute).default(90_000),
    idleAwayMs: duration(minute, 30 * minute).default(4 * minute),
    registrationRpId: hostName.default('login.microsoft.com'),
    minPinLength: z.int(pinLength).min(4, pinLength).max(63, pinLength).default(6),
    registrationRoutes: z
      .array(z.enum(routes, `must be one of ${routes.join(', ')}.`), 'must be a list of routes.')
      .min(1, 'must name at least one route.')
      .refine((given) => new Set(given).size === given.length, 'must name each route once.')
      .default(['self', 'portal']),
    wantedPhone: flag.default(true),
    tenantId: guid.default(trainingTenantId),
    clientId: guid.default(trainingClientId),
    cloud: z.enum(cloudNames, `must be one of ${cloudNames.join(', ')}.`).default('global'),
    authorityHost: hostName.optional(),
    graphOrigin: z
      .string('must be an address.')
      .refine((text) => isHttps(text) && new URL(text).origin === text, 'must be an https origin without a slash at its end.')
      .optional(),
    securityInfoUrl: z.string('must be an address.').refine(isHttps, 'must be an https address.').optional(),
    mayDeletePass: flag.default(true),
    technicianClientId: guid.nullable().default(null),
    stationClientId: guid.nullable().default(null),
    stationCertificate: wholePath.nullable().default(null),
    stationKey: wholePath.nullable().default(null),
    placeUrl: z.string('must be null or an address.').refine(isHttps, 'must be an https address.').nullable().default(null),
    keyService: wholePath.max(100, 'must be at most 100 characters.').nullable().default(null),
    registrationRulesCoverGraph: flag.default(true),
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
    metadataUrl: z.string('must be null or an address.').refine(isHttps, 'must be an https address.').nullable().default(null),
    metadataGraceDays: z.int(wholeDays).min(0, wholeDays).max(3650, wholeDays).default(90),
  },
  'must be an object with settings as its members.',
);

/** Each cloud has hosts of its own; one that is given counts more. */
const placed = document.transform((given) => {
  const { authorityHost, graphOrigin, securityInfoUrl } = clouds[given.cloud];
  return {
    ...given,
    authorityHost: given.authorityHost ?? authorityHost,
    graphOrigin: given.graphOrigin ?? graphOrigin,
    securityInfoUrl: given.securityInfoUrl ?? securityInfoUrl,
  };
});

/**
 * What goes for the document as a whole. Defaults belong to training: the field needs a tenant and a registration of its
 * own. The station's sign-in needs all its parts, trust that rests on metadata a place where metadata comes from.
 */
export const settingsSchema = placed.superRefine((settings, context) => {
  const tell = (member: keyof Settings, message: string): void => {
    context.addIssue({ code: 'custom', path: [member], message });
  };
  const own = 'must be given in the field world.';
  if (settings.world === 'field' && settings.tenantId === trainingTenantId) tell('tenantId', own);
  if (settings.world === 'field' && settings.clientId === trainingClientId) tell('clientId', own);
  for (const aaguid of settings.refusedKeyModels) {
    if (settings.allowedKeyModels.includes(aaguid)) tell('refusedKeyModels', `${aaguid} is among allowedKeyModels too.`);
  }
  if (settings.world !== 'field' && settings.cloud !== 'global') tell('cloud', 'must be global where Microsoft is practised.');
  if (settings.stationClientId !== null && settings.world === 'field') {
    const station = 'must be given with stationClientId.';
    if (settings.stationCertificate === null) tell('stationCertificate', station);
    if (settings.stationKey === null) tell('stationKey', station);
  }
  if (settings.metadataFile !== null || settings.metadataUrl !== null) return;
  const nowhere = 'needs metadataFile or metadataUrl.';
  if (settings.requireAttestation) tell('requireAttestation', nowhere);
  if (settings.requireMetadata) tell('requireMetadata', nowhere);
  if (settings.leastCertification !== null) tell('leastCertification', nowhere);
}) satisfies z.ZodType<Settings>;
