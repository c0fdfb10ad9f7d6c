// What an access token for Graph is good for, read from its claims without judging its signature: Graph does that. A token is
// Graph's business, so one that can't be read means nothing.
// Source: Microsoft identity platform, "Access token claims reference" (scp, roles, wids).
import { z } from 'zod';

export interface TokenRights {
  /** Names of Microsoft Graph permissions, delegated or of the application. */
  readonly permissions: readonly string[];
  /** Template ids of the directory roles of who signed in; empty for an application. */
  readonly roles: readonly string[];
}

const claims = z.object({
  scp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  wids: z.array(z.string()).optional(),
});

/** Null for a token that is no readable JWT, or that says nothing of rights. */
export function rightsIn(token: string): TokenRights | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  const said = claims.safeParse(readJson(Buffer.from(payload, 'base64url').toString('utf8'))).data;
  if (said === undefined || (said.scp === undefined && said.roles === undefined)) return null;
  const { scp = '', roles = [], wids = [] } = said;
  return { permissions: [...scp.split(' ').filter((scope) => scope !== ''), ...roles], roles: wids };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
