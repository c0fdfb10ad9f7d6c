// The technician's and the station's sign-in, and the desk's place.
import { guid, httpsAddress, wholePath } from './schema-parts.ts';

export const staffMembers = {
  technicianClientId: guid.nullable().default(null),
  stationClientId: guid.nullable().default(null),
  stationCertificate: wholePath.nullable().default(null),
  stationKey: wholePath.nullable().default(null),
  placeUrl: httpsAddress('must be null or an address.').nullable().default(null),
};
