// Every setting with its bounds and its default, in the parts of docs/settings.md. Facts about Microsoft's service that can't
// be verified without a live tenant are settings too, so that a desk can be corrected without a new release.
import { z } from 'zod';
import { clouds } from '../../../contract/clouds.ts';
import type { Settings } from '../../ports/settings.ts';
import { deskMembers } from './schema/desk-members.ts';
import { gateMembers, gateMistakes } from './schema/gate-members.ts';
import { journalMembers } from './schema/journal-members.ts';
import { microsoftMembers, trainingClientId, trainingTenantId } from './schema/microsoft-members.ts';
import { staffMembers } from './schema/staff-members.ts';
import { trustMembers } from './schema/trust-members.ts';

export const settingsDocument = z.strictObject(
  { ...deskMembers, ...trustMembers, ...journalMembers, ...microsoftMembers, ...staffMembers, ...gateMembers },
  'must be an object with settings as its members.',
);

/** Each cloud has hosts of its own; one that is given counts more. */
const placed = settingsDocument.transform((given) => {
  const { authorityHost, graphOrigin, securityInfoUrl: ofCloud } = clouds[given.cloud];
  const securityInfoUrl = given.securityInfoUrl ?? ofCloud;
  return {
    ...given,
    authorityHost: given.authorityHost ?? authorityHost,
    graphOrigin: given.graphOrigin ?? graphOrigin,
    securityInfoUrl,
    interruptPages: given.interruptPages ?? [new URL('/register', securityInfoUrl).href],
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
  for (const [member, message] of gateMistakes(settings)) tell(member, message);
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

/** What a desk does that nobody told anything: it trains. */
export const defaultSettings: Settings = settingsSchema.parse({});
