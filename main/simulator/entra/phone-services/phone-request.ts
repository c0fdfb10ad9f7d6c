// What both of the phone's services read from a request.
import type { Context } from 'hono';
import { readAccessToken, type AccessClaims } from '../sign-in/tokens.ts';
import { resources } from '../sign-in/applications.ts';
import type { TwinCore } from '../twin-core.ts';

/** The secret or token in the Authorization header; empty when there is none. */
export function bearer(context: Context): string {
  return /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
}

/** The phone's own sign-in, for device registration. */
export function phoneClaims(core: TwinCore, context: Context): Promise<AccessClaims | null> {
  return readAccessToken(core, bearer(context), resources.deviceRegistration.audience);
}

/** Null for a body that is not JSON, which every schema refuses. */
export async function bodyOf(context: Context): Promise<unknown> {
  try {
    return JSON.parse(await context.req.text());
  } catch {
    return null;
  }
}
