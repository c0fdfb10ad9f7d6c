// What My Security Info writes into the audit log (Entra: "Audit log activities"). A passkey has an event of its own beside the
// general one.
import type { Context } from 'hono';
import type { User } from '../directory/directory.ts';
import type { AuditActivity } from '../reports/audit-log.ts';
import type { TwinCore } from '../twin-core.ts';

export interface WhoAndWhence {
  readonly context: Context;
  readonly visitor: { readonly user: User };
}

export function noteActivity(core: TwinCore, { context, visitor: { user } }: WhoAndWhence, activity: AuditActivity): void {
  const { address } = core.placeOf(context.req.raw);
  core.audit.add({ activity, actor: { kind: 'user', user, address }, target: user });
}

export function notePasskey(core: TwinCore, visit: WhoAndWhence, change: 'added' | 'deleted', aaguid: string): void {
  const { user } = visit.visitor;
  const { address } = core.placeOf(visit.context.req.raw);
  core.audit.add({
    activity: change === 'added' ? 'Add Passkey (device-bound)' : 'Delete Passkey (device-bound)',
    actor: { kind: 'user', user, address },
    target: user,
    details: [{ key: 'AAGuid', value: aaguid }],
  });
  noteActivity(core, visit, change === 'added' ? 'User registered security info' : 'User deleted security info');
}
