// The desk itself: its world, its words, its waiting, and the way its keys take.
import { z } from 'zod';
import type { RegistrationRoute, World } from '../../../../contract/snapshot.ts';
import { flag, wholeNumber, wholePath } from './schema-parts.ts';

const minute = 60_000;

const worlds = ['training', 'rehearsal', 'field'] as const satisfies readonly World[];
const routes = ['self', 'portal', 'technician', 'station'] as const satisfies readonly RegistrationRoute[];

export const deskMembers = {
  world: z.enum(worlds, `must be one of ${worlds.join(', ')}.`).default('training'),
  contact: z
    .string('must be a text.')
    .trim()
    .min(1, 'must not be empty.')
    .max(120, 'must be at most 120 characters.')
    .default('the IT service desk'),
  litPorts: flag.default(false),
  idleMs: wholeNumber(' of milliseconds', minute, 15 * minute).default(90_000),
  idleAwayMs: wholeNumber(' of milliseconds', minute, 30 * minute).default(4 * minute),
  minPinLength: wholeNumber('', 4, 63).default(6),
  registrationRoutes: z
    .array(z.enum(routes, `must be one of ${routes.join(', ')}.`), 'must be a list of routes.')
    .min(1, 'must name at least one route.')
    .refine((given) => new Set(given).size === given.length, 'must name each route once.')
    .default(['self', 'portal']),
  wantedPhone: flag.default(true),
  requireLockedDown: flag.default(false),
  preferAuthenticator: flag.default(true),
  keyService: wholePath.max(100, 'must be at most 100 characters.').nullable().default(null),
};
