// Microsoft's side: the tenant, its addresses, and what of the service could not be verified without a live tenant.
import { z } from 'zod';
import type { Cloud } from '../../../../contract/clouds.ts';
import { flag, guid, hostName, httpsAddress, httpsOrigin } from './schema-parts.ts';

/** The twin's tenant and the desk's registration in it; they exist nowhere else. */
export const trainingTenantId = '5d3c2a8e-7f41-4c0b-9a66-2f0e8b1d4c73';
export const trainingClientId = '0c7be1d4-93a2-4f58-8e6d-51a4c9f2b730';

const cloudNames = ['global', 'usGovL4', 'usGovL5', 'china'] as const satisfies readonly Cloud[];

/** A page by its address; a host alone would name every page there. */
function isWholePage(text: string): boolean {
  return URL.canParse(text) && new URL(text).pathname !== '/' && new URL(text).search === '' && new URL(text).hash === '';
}

export const microsoftMembers = {
  cloud: z.enum(cloudNames, `must be one of ${cloudNames.join(', ')}.`).default('global'),
  tenantId: guid.default(trainingTenantId),
  clientId: guid.default(trainingClientId),
  authorityHost: hostName.optional(),
  graphOrigin: httpsOrigin.optional(),
  registrationRpId: hostName.default('login.microsoft.com'),
  securityInfoUrl: httpsAddress('must be an address.').optional(),
  interruptPages: z
    .array(
      httpsAddress('must be an address.').refine(isWholePage, 'must have a path and no query.'),
      'must be a list of addresses.',
    )
    .max(10, 'must be at most 10 addresses.')
    .optional(),
  registrationRulesCoverGraph: flag.default(true),
  mayDeletePass: flag.default(true),
};
